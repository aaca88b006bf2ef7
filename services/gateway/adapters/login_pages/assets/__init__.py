"""Scripts of the login's pages."""
