"""The contract of officers' work."""
