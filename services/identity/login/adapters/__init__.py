"""Tables of the login."""
