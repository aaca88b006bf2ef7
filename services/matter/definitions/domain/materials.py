"""Materials that a definition asks for."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.matter.definitions.domain.expressions import Expression

TAKEN: Sequence[str] = ("application/pdf", "image/jpeg", "image/png", "application/ofd")
MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE


@dataclass(frozen=True, slots=True)
class MaterialRule:
    """required: always; required_when: where the condition over the form holds. most: how many files are taken."""

    name: str
    zh: str
    en: str
    required: bool
    required_when: Expression | None
    types: tuple[str, ...]
    most: int

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> MaterialRule:
        return cls(
            name=data["material"], zh=data["title"]["zh"], en=data["title"]["en"],
            required=data.get("required", False),
            required_when=Expression(data["required_when"]) if "required_when" in data else None,
            types=tuple(data.get("types", TAKEN)), most=data.get("most", 1))

    def is_needed(self, values: Mapping[str, Any]) -> bool:
        """values: as expressions read them."""
        return self.required or (self.required_when is not None and self.required_when.holds(values))
