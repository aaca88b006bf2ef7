"""References of a definition to things of other components, and how each is looked up."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from services.matter.definitions.domain.problems import Path
from shared_components.kernel.bilingual import Bilingual

T = TypeVar("T")


@dataclass(frozen=True)
class Lookup:
    """Ports that a look-up may use. components: as the kind's Protocol names them.

    sources: who may answer callbacks of the tenant's cases. placeholders: those that notices fill.
    """

    components: Any
    sources: Sequence[str] = ()
    placeholders: Sequence[str] = ()
    _kept: dict[str, Any] = field(default_factory=dict)

    def once(self, key: str, ask: Callable[[], T]) -> T:
        """Ask for something once in a publication."""
        if key not in self._kept:
            self._kept[key] = ask()
        found: T = self._kept[key]
        return found


class Find(Protocol):
    def __call__(self, lookup: Lookup, reference: Reference) -> Bilingual | None:
        """Why the thing cannot be used; None when all is well."""
        ...


@dataclass(frozen=True, slots=True)
class ReferenceKind:
    """name: such as `fee item`. allowed: for people, given the placeholders of notices."""

    name: Bilingual
    allowed: Bilingual
    find: Find


@dataclass(frozen=True, slots=True)
class Reference:
    """channel: of a template, which exists for each channel by itself."""

    kind: ReferenceKind
    name: str
    path: Path
    channel: str = ""


def unknown_unless(exists: bool, reference: Reference) -> Bilingual | None:
    if exists:
        return None
    kind = reference.kind.name
    return Bilingual(f"{kind} {reference.name!r} is unknown", f"{kind.zh}“{reference.name}”不存在")
