"""The script of the documentation page."""
