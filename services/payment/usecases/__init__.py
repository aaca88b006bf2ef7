"""One function per command or query. They see ports only; the bus (or `units.begin`) owns the transaction."""
