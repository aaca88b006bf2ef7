"""The common layout and its parts (Jinja2)."""
