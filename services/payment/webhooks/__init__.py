"""Webhooks: apps are told what happens to their orders."""
