"""A matter as it is declared, and what can be wrong with a declaration."""
from services.matter.domain.definition.model import Definition, Notice, Step, Text

__all__ = ["Definition", "Notice", "Step", "Text"]
