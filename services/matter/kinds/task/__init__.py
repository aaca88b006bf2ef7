"""Work of an officer: look, decide, say why."""
