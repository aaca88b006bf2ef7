"""Jobs: one template to everybody in a file."""
