"""One change between two contracts."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ABSENT = "absent"


@dataclass(frozen=True)
class Finding:
    """where: the place in the contract; was, now: both sides; why: whom it breaks, empty for a harmless change."""

    where: str
    was: str
    now: str
    why: str = ""

    @property
    def breaking(self) -> bool:
        return bool(self.why)

    def __str__(self) -> str:
        change = f"{self.where}: was {self.was}, is {self.now}"
        return f"{change}; breaks: {self.why}" if self.why else change


def breaks(where: str, was: Any, now: Any, why: str) -> Finding:
    return Finding(where, _text(was), _text(now), why)


def note(where: str, was: Any, now: Any) -> Finding:
    """A change that every caller bears."""
    return Finding(where, _text(was), _text(now))


def _text(value: Any) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return "[" + ", ".join(sorted(map(_text, value))) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)
