"""Rules of personal-information requests."""
