"""Commands and queries of fees."""
