"""All input and output of matter: tables, files, the other components, outside authorities."""
