"""Adapters of orders."""
