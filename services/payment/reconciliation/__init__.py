"""Reconciliation with channels: statements, differences, fees and payouts."""
