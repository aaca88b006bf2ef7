"""Commands and queries of receipts."""
