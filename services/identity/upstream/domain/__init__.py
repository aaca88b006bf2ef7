"""Rules of signing in through another provider."""
