"""Let mandates expire when their period is over, by the clock."""
from __future__ import annotations

from typing import Protocol

from services.identity.mandates.domain import states
from services.identity.mandates.domain.ports import ChangesMandates
from services.identity.mandates.usecases.records import EXPIRED, record_change
from shared_components.kernel.transactions import Transactions

MOST = 200
"""Mandates that expire in one transaction."""


class ExpireTx(ChangesMandates, Protocol):
    """The transaction of expiring mandates."""


def expire_mandates(transactions: Transactions[ExpireTx]) -> int:
    """Expire what is due, in transactions of a bounded size; gives how many."""
    expired = 0
    while True:
        with transactions.begin() as tx:
            due = tx.mandates.lock_due(tx.clock.now(), MOST)
            for mandate in due:
                record_change(tx, mandate, mandate.in_state(states.EXPIRED), EXPIRED, None)
        expired += len(due)
        if len(due) < MOST:
            return expired
