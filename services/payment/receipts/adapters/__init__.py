"""Adapters of receipts."""
