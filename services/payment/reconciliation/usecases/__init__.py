"""Commands and queries of reconciliation."""
