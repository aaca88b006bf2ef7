"""Adapters of reconciliation."""
