"""Requests, replies and events of reconciliation."""
