"""Entrypoints of credentials: each calls one use case."""
