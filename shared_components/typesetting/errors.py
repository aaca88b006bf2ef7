"""Refusals of the typesetting; a service raises its own error for each."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared_components.kernel.bilingual import Bilingual


class NotPrintable(ValueError):
    """A document must show what it says exactly, or not at all. details: reason, characters (code points)."""

    def __init__(self, text: Bilingual, details: Mapping[str, str | Sequence[str]]) -> None:
        super().__init__(str(text))
        self.text, self.details = text, dict(details)


class FontsMissing(NotPrintable):
    """details: packages (of Debian), characters (code points)."""
