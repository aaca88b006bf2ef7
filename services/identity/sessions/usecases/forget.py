"""Forgetting what nobody needs any more: endings in the feed, old sessions and refresh tokens."""
from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from services.identity.sessions.domain.ports import HasOldSessions
from shared_components.kernel.transactions import HasClock

SESSIONS_STAY = timedelta(days=30)
"""After their end a person still sees them, and an operator can look into them; the evidence log has more."""
USED_TOKENS_STAY = timedelta(days=7)
"""A refresh token that was used longer ago is unknown when it comes again, and revokes nothing."""


class ForgetTx(HasClock, HasOldSessions, Protocol):
    """The transaction of forgetting, over all realms."""


def forget_endings(tx: ForgetTx) -> int:
    """Take endings out of the feed of which every token is over; gives how many."""
    return tx.old_sessions.forget_endings(tx.clock.now())


def forget_sessions(tx: ForgetTx, *, most: int) -> int:
    """Delete old sessions, with what they gave to apps, and old refresh tokens; gives how many rows, most at once."""
    now: datetime = tx.clock.now()
    return tx.old_sessions.delete(
        sessions_before=now - SESSIONS_STAY, tokens_before=now - USED_TOKENS_STAY, most=most)
