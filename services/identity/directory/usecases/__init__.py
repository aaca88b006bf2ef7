"""Commands and queries of the directory. They are given a transaction and never commit."""
