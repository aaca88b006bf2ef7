"""Forget attempts, codes and challenges that count for nothing any more."""
from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from shared_components.kernel.transactions import HasClock, Transactions

KEEP = timedelta(days=2)
"""Longer than any window."""
BATCH = 500
MOST_BATCHES = 200


class Purges(Protocol):
    def purge(self, before: datetime, most: int) -> int:
        """Delete at most so many rows; gives how many."""
        ...


class PurgeTx(HasClock, Protocol):
    """The transaction of purging."""

    @property
    def outdated(self) -> tuple[Purges, ...]: ...


def purge(transactions: Transactions[PurgeTx]) -> None:
    """In small pieces, so that no lock is held for long."""
    before = transactions.clock.now() - KEEP
    for _ in range(MOST_BATCHES):
        with transactions.begin() as tx:
            gone = max(each.purge(before, BATCH) for each in tx.outdated)
        if gone < BATCH:
            return
