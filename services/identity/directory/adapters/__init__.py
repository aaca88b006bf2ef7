"""Tables of the directory in SQL."""
