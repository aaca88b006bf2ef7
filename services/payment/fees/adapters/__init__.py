"""Adapters of fees."""
