"""One file a command or query. Each names beside itself the Protocol of what it needs; none commits."""
