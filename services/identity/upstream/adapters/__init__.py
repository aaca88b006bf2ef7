"""Providers over OpenID Connect, and the tables of sign-ins and links."""
