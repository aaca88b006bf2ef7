"""Consumers of contracts: what apps, services and published definitions use, and whether a version may be deployed."""
