"""Entrypoints of OAuth and OpenID Connect: each calls one use case."""
