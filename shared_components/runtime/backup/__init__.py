"""Back the one database up with what proves that a copy is whole, and restore it."""
