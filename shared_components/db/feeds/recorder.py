"""The changes of one transaction for feeds. They are appended at its end: the lock on a feed's head is held briefly."""
from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy.orm import Session

from shared_components.db.database import Database
from shared_components.db.feeds.producer import Change, append_all, wait_until_confirmed
from shared_components.db.scope import Scope

log = logging.getLogger(__name__)


class FeedRecorder:
    """Collects changes; of several for one key the last one counts."""

    def __init__(self) -> None:
        self._changes: dict[str, dict[tuple[str, str], Change]] = {}
        self._revoking: set[str] = set()
        self._written: dict[str, int] = {}

    def record(
        self, feed: str, kind: str, key: str, data: Mapping[str, Any] | None, *, revokes: bool = False,
    ) -> None:
        """State what holds for a key from now on. data: None removes the key.

        revokes: the transaction is answered when no copy decides without the change.
        """
        self._changes.setdefault(feed, {})[kind, key] = Change(kind, key, data)
        if revokes:
            self._revoking.add(feed)

    def write(self, session: Session) -> None:
        """Append what was recorded, as the last statements of its transaction."""
        for feed in sorted(self._changes):
            self._written[feed] = append_all(session, feed, list(self._changes[feed].values()))

    def wait(self, database: Database) -> None:
        """Wait after the commit until every copy has what was revoked, or no lease; 2.4 s at most."""
        for feed in sorted(self._revoking):
            if not wait_until_confirmed(database, feed, self._written[feed]):
                log.error("db.feed.not_confirmed", extra={"feed": feed, "n": self._written[feed]})


class FeedScope(Scope, Protocol):
    """One transaction of a service that produces feeds."""

    @property
    def feed(self) -> FeedRecorder: ...
