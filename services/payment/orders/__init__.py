"""Orders of orders."""
