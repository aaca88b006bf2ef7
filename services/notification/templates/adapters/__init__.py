"""The templates in the database."""
