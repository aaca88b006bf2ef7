"""One file a command or query, and the work of a job: check its file, accept its rows."""
