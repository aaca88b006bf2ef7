"""Entrypoints of the directory: each calls one use case."""
