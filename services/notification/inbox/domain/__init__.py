"""The rules of the inbox."""
