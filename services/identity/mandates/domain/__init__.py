"""Rules of mandates."""
