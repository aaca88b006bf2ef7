"""Adapters of webhooks."""
