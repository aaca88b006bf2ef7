"""Writing down that licences have come to their end.

Every answer already says so (`Licence.state_on`); this tells the rest of the world by events.
"""
from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from services.elicence.domain.calendar import local_day
from services.elicence.domain.ports import BeginsForAllTenants, HasPresentations
from services.elicence.usecases.events import StoreChangesTx, store_changes
from shared_components.kernel.transactions import HasClock

BATCH = 200
KEPT = timedelta(days=1)
_REASON = "有效期届满"


class ExpireTx(HasClock, StoreChangesTx, Protocol):
    """The part of a transaction that expiring licences uses."""


class PurgeTx(HasClock, HasPresentations, Protocol):
    """The part of a transaction that deleting old codes uses."""


def expire_ended(transactions: BeginsForAllTenants[ExpireTx], *, batches: int = 50) -> int:
    """Expire what has ended, in small transactions; gives how many. batches: the most in one run."""
    total = 0
    for _ in range(batches):
        with transactions.begin() as tx:
            done = _expire_batch(tx)
        total += done
        if done < BATCH:
            break
    return total


def _expire_batch(tx: ExpireTx) -> int:
    at = tx.clock.now()
    day = local_day(at)
    ended = tx.licences.lock_ended(day, BATCH)
    store_changes(tx, [one.moved_to_end(_REASON, at) for one in ended], actor="elicence")
    return len(ended)


def purge_presentations(transactions: BeginsForAllTenants[PurgeTx], *, batches: int = 50) -> int:
    """Forget codes whose time was over a day ago, in small pieces; gives how many."""
    total = 0
    for _ in range(batches):
        with transactions.begin() as tx:
            done = tx.presentations.purge(tx.clock.now() - KEPT, BATCH)
        total += done
        if done < BATCH:
            break
    return total
