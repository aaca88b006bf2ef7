"""Purge what old messages said and to whom; that they were sent, and how they ended, stays."""
from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from shared_components.kernel.transactions import Begins, HasClock

PLATFORM = "*"
MOST = 1000
"""Messages of one transaction, so that it is short."""


class OldMessages(Protocol):
    def purge(self, before: datetime, most: int) -> int:
        """Empty content and address of e-mails and texts of before that nothing is done for; gives how many."""
        ...


class OldCodeLimits(Protocol):
    def purge(self, at: datetime) -> None: ...


class PurgeTx(HasClock, Protocol):
    """The part of a transaction that purging needs."""

    @property
    def messages(self) -> OldMessages: ...

    @property
    def code_limits(self) -> OldCodeLimits: ...


def purge_messages(transactions: Begins[PurgeTx], *, kept: timedelta) -> int:
    """Gives how many were purged. An inbox is its person's and keeps its messages."""
    purged = 0
    while True:
        with transactions.begin(PLATFORM) as tx:
            done = tx.messages.purge(tx.clock.now() - kept, MOST)
            tx.code_limits.purge(tx.clock.now())
        purged += done
        if done < MOST:
            return purged
