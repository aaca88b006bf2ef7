"""Adapters of channels."""
