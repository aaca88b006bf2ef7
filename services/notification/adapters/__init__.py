"""All that touches the database and the mail server."""
