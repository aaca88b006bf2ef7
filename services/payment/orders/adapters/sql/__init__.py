"""Repositories of orders."""
