"""Rules that several topics share."""
