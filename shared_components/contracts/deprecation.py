"""A method or field that goes at a date: until then callers hear of it, afterwards its removal breaks no promise."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any

UNTIL = "x-deprecated-until"
"""Beside `deprecated` in a JSON Schema: the last day, YYYY-MM-DD."""


@dataclass(frozen=True)
class Deprecation:
    """since: callers hear of it from this day. until: last day of the promise. use: what callers use instead."""

    since: date
    until: date
    use: str
    use_zh: str

    def __post_init__(self) -> None:
        if self.until <= self.since:
            raise ValueError(f"deprecated since {self.since} until {self.until}; a later day than `since` is allowed")

    def exported(self) -> dict[str, str]:
        """The form in contract.json."""
        return {"since": self.since.isoformat(), "until": self.until.isoformat(), "use": self.use,
                "use_zh": self.use_zh}

    def headers(self) -> dict[str, str]:
        """Headers of an HTTP reply.

        Source: https://www.rfc-editor.org/rfc/rfc9745 (Deprecation), https://www.rfc-editor.org/rfc/rfc8594 (Sunset)
        """
        return {"Deprecation": f"@{int(_midnight(self.since).timestamp())}",
                "Sunset": format_datetime(_midnight(self.until), usegmt=True)}


def field_deprecation(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """JSON Schema of a field with `deprecated_until` in its metadata; empty for any other."""
    until = metadata.get("deprecated_until")
    return {} if until is None else {"deprecated": True, UNTIL: date.fromisoformat(until).isoformat()}


def may_go(until: str | None) -> bool:
    """Whether the promise about a thing with this last day is over."""
    return until is not None and date.fromisoformat(until) < today()


def today() -> date:
    """The day on which contracts are compared, UTC."""
    return datetime.now(UTC).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
