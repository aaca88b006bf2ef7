"""Keys that sign tokens of one realm.

A new one is published before it signs; an old one verifies until its tokens end.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from services.identity.sessions.domain import states
from services.identity.sessions.domain.lifetimes import LONGEST_ACCESS

ALGORITHM = "ES256"
VERIFIES_FOR = LONGEST_ACCESS + timedelta(minutes=5)
"""After the next key has begun to sign: no token lives longer, and clocks differ."""

PUBLISHED_BEFORE = timedelta(seconds=5)
"""A key is known everywhere before it signs: longer than copies of the feed may be behind."""


@dataclass(frozen=True, slots=True)
class RealmKey:
    """kid: its name in tokens, unique over all realms. public: as a JWK. private: encrypted, and bound to the kid."""

    kid: str
    realm_id: str
    public: Mapping[str, Any]
    private: bytes = field(repr=False)
    created_at: datetime
    signs_from: datetime
    state: str = states.ACTIVE
    ended_at: datetime | None = None

    def ended(self, state: str, at: datetime) -> RealmKey:
        """Raises IllegalTransition."""
        states.SIGNING_KEY.move(self.state, state)
        return replace(self, state=state, ended_at=at)


def signing(keys: Sequence[RealmKey], at: datetime) -> RealmKey | None:
    """The key that signs now, of a realm's active ones: the one that began last."""
    begun = [key for key in keys if key.state == states.ACTIVE and key.signs_from <= at]
    return max(begun, key=lambda key: (key.signs_from, key.kid), default=None)


def outlived(keys: Sequence[RealmKey], at: datetime) -> list[RealmKey]:
    """Active keys that no living token was signed with: another one signs since VERIFIES_FOR."""
    now = signing(keys, at - VERIFIES_FOR)
    if now is None:
        return []
    return [key for key in keys if key.state == states.ACTIVE
            and (key.signs_from, key.kid) < (now.signs_from, now.kid)]
