"""Payment channels: the providers that take the money."""
