"""Commands and queries of sessions. They are given a transaction and never commit."""
