"""Commands and queries of ledger."""
