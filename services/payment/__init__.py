"""Payments: fee items, orders, channels, refunds and the double-entry ledger."""
