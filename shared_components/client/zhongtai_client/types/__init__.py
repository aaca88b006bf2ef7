"""Requests, replies and data of events as TypedDicts, one module a service."""
