"""Notify keys, and what the API reads, in the database."""
