"""Messages: accepted, delivered, followed to their end."""
