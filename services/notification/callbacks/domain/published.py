"""The events of components that apps may be told of, and which apps each concerns."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OWN, DEPARTMENT = "own", "department"
"""own: the app that made the thing. department: every app of the department that keeps it."""


@dataclass(frozen=True, slots=True)
class Published:
    """about: the field of the data that names the thing. withheld: free text, which no event gives to apps."""

    source: str
    type: str
    about: str
    whose: str = OWN
    withheld: frozenset[str] = frozenset()


_FREE_TEXT = frozenset({"reason", "type_name"})
PUBLISHED: Mapping[str, Published] = {event.type: event for event in (
    *(Published("notification", type_, "message_id") for type_ in (
        "message-accepted", "message-sent", "message-delivered", "message-failed", "message-cancelled")),
    *(Published("matter", type_, "case_id") for type_ in (
        "case-submitted", "case-completed", "case-refused", "case-withdrawn", "case-terminated", "case-failed",
        "supplement-requested", "supplement-answered")),
    *(Published("elicence", type_, "licence_id", DEPARTMENT, _FREE_TEXT) for type_ in (
        "licence-issued", "licence-superseded", "licence-state-changed")),
)}
TYPES = tuple(PUBLISHED)
TOLD_AS = {"urgent-message-accepted": "message-accepted", "bulk-message-accepted": "message-accepted"}
"""Types that exist for queues of our own → the type that apps know."""


def types_of(source: str) -> tuple[str, ...]:
    """The types of a component's events that apps are told of, under whichever name."""
    own = [type_ for type_, told_as in TOLD_AS.items() if PUBLISHED[told_as].source == source]
    return (*(event.type for event in PUBLISHED.values() if event.source == source), *own)


def told(published: Published, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as apps get it: `app` only says whom to tell."""
    return {name: value for name, value in data.items() if name != "app" and name not in published.withheld}
