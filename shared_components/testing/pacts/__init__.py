"""Verify the pacts of consumers against the real services."""
