"""Commands and queries about credentials."""
