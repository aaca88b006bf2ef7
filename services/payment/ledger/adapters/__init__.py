"""Adapters of ledger."""
