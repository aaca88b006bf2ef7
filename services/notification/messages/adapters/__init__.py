"""The messages in the database, and the way to a mail server."""
