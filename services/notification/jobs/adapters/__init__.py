"""Jobs in the database, and their files in the store."""
