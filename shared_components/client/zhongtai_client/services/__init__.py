"""Stubs of the services' methods; a client finds the methods by name, so there is nothing to run here."""
