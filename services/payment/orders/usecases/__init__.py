"""Commands and queries of orders."""
