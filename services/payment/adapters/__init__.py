"""Payment's I/O: the database, the payment channels."""
