"""Repositories of reconciliation."""
