"""The part of the directory's feed that is about tokens: ended sessions and grants, and keys that sign."""
from __future__ import annotations

from datetime import datetime, timedelta

from services.identity.directory.adapters.feed import FEED
from services.identity.sessions.domain import states
from services.identity.sessions.domain.signing_key import RealmKey
from shared_components.db.feeds import FeedRecorder

ENDED_SESSION, SIGNING_KEY = "ended-session", "signing-key"
"""Kinds of entries, as verifiers read them. Keys: the id of a session or a grant; a key's kid."""
STAYS_AFTER = timedelta(minutes=5)
"""An ending stays in the feed for so long after the last token: clocks differ."""


class SessionFeed:
    """Endings and new keys are answered when no verifier decides without them."""

    def __init__(self, feed: FeedRecorder, issuer: str) -> None:
        self._feed, self._issuer = feed, issuer

    def ended(self, ended_id: str, tokens_until: datetime | None, at: datetime) -> None:
        """Record that a session or a grant has ended. Nothing is recorded when every token of it is over."""
        if tokens_until is None or tokens_until + STAYS_AFTER < at:
            return
        until = tokens_until + STAYS_AFTER
        self._feed.record(FEED, ENDED_SESSION, ended_id, {"until": until.isoformat()}, revokes=True)

    def forget(self, ended_id: str) -> None:
        """Record that an ending need not be known any more: no token of it is taken."""
        self._feed.record(FEED, ENDED_SESSION, ended_id, None)

    def key(self, key: RealmKey) -> None:
        """Record a public key by its kid; one that verifies nothing any more is removed."""
        said = None
        if key.state == states.ACTIVE:
            said = {"jwk": dict(key.public), "realm": key.realm_id, "issuer": self._issuer}
        self._feed.record(FEED, SIGNING_KEY, key.kid, said, revokes=True)
