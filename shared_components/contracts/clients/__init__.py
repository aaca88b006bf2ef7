"""Typed clients, written from contracts: TypedDicts of requests and replies, errors as classes, stubs of methods."""
