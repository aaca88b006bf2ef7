"""Endpoints and commands of OAuth and OpenID Connect. They are given a transaction and never commit."""
