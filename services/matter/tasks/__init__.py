"""Officers' work on cases."""
