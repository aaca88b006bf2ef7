"""Repositories of ledger."""
