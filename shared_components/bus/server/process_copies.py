"""The copies of feeds in this process's memory, and how they become what authority decides by."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from shared_components.db.feeds import FeedCopy
from shared_components.security.authority.copies import KnownCopies, keep_copies

Data = Mapping[tuple[str, str], Mapping[str, Any]]
"""(kind, key) → what the producer has said of it."""

PORTAL, CONSOLE, ENDED_SESSION, MANDATE = "portal", "console", "ended-session", "mandate"
CONSENT, GRANT, AGREEMENT = "consent", "grant", "agreement"
"""Kinds of entries. The key of the first four is the id that is meant; the others name their parts in data."""


class ProcessCopies:
    """The copies of one process. Where there are several feeds, their entries count together."""

    def __init__(self, feeds: Sequence[str]) -> None:
        self.by_feed = {feed: FeedCopy(feed) for feed in feeds}

    def refresh(self, session: Session) -> None:
        """Catch up all copies before a decision; authority goes by them from now on. Raises FeedStale."""
        before = [id(copy.data) for copy in self.by_feed.values()]
        for copy in self.by_feed.values():
            copy.refresh(session)
        if [id(copy.data) for copy in self.by_feed.values()] != before:
            keep_copies(known_copies({key: said for copy in self.by_feed.values() for key, said in copy.data.items()}))


def known_copies(data: Data) -> KnownCopies:
    """The entries of feeds as sets."""
    def keys(kind: str) -> frozenset[str]:
        return frozenset(key for said, key in data if said == kind)

    def parts(kind: str, *names: str) -> frozenset[Any]:
        return frozenset(tuple(value[name] for name in names) for (said, _), value in data.items() if said == kind)

    return KnownCopies(
        portals=keys(PORTAL), consoles=keys(CONSOLE), ended_sessions=keys(ENDED_SESSION), live_mandates=keys(MANDATE),
        consented=parts(CONSENT, "subject", "app", "resource"), grants=parts(GRANT, "department", "owner", "resource"),
        agreements=parts(AGREEMENT, "owner", "purpose"))
