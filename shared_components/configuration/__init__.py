"""The platform's configuration: the file, its schema, its errors, its reference page."""
