"""Webhooks: apps are told of events of every component at their own endpoints."""
