"""The gateway's own pages: a greeting, the documentation, the error codes."""
