"""The login in a browser: its steps, and the pages of a person's own account."""
