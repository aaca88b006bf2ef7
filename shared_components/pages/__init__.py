"""Pages for browsers: one layout, in Chinese and English, rendered by Jinja2."""
