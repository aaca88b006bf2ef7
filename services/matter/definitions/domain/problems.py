"""Mistakes in a definition."""
from __future__ import annotations

from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """path: from the document's root; the reader of the file knows the line."""

    path: Path
    message: str
    allowed: str


@dataclass(frozen=True, slots=True)
class LinedProblem:
    """A problem as it is told. line: of the file, from 1. path: with dots."""

    line: int
    path: str
    message: str
    allowed: str
