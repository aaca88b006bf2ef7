"""The tables of personal-information requests and copies."""
