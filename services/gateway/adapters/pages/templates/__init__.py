"""The templates of the gateway's pages (Jinja2)."""
