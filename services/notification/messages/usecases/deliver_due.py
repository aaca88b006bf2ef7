"""Scheduled work: attempt again what failed for a time, and what a crash left."""
from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from services.notification.messages.domain.mailer import Mailer
from services.notification.messages.usecases.deliver import DeliveredMessages, DeliverTx, deliver, log_failure
from shared_components.kernel.errors import Unavailable
from shared_components.kernel.transactions import Begins

PLATFORM = "*"
PUT_OFF = timedelta(hours=1)


class DueMessages(DeliveredMessages, Protocol):
    def due(self, at: datetime, limit: int) -> list[tuple[str, str]]:
        """(tenant, message id) of what a sweep should take up, of every tenant, longest waiting first."""
        ...

    def put_off(self, tenant: str, message_id: str, until: datetime) -> None:
        """Let no sweep take it up before; its state stays."""
        ...


class SweepTx(DeliverTx, Protocol):
    """The part of a transaction that a sweep needs."""

    @property
    def messages(self) -> DueMessages: ...


def deliver_due(transactions: Begins[SweepTx], mailer: Mailer, *, limit: int) -> int:
    """Attempt what is due and nobody is at; gives how many were tried. One bad message stops no other."""
    with transactions.begin(PLATFORM) as tx:
        due = tx.messages.due(tx.clock.now(), limit)
    for tried, (tenant, message_id) in enumerate(due, start=1):
        try:
            is_up = deliver(transactions, mailer, tenant=tenant, message_id=message_id)
        except Unavailable:
            raise  # the database: it would fail for the next one too
        except Exception as error:
            log_failure(error, "notification.message.put_off", message_id)
            _put_off(transactions, tenant, message_id)
            continue
        if not is_up:
            return tried
    return len(due)


def _put_off(transactions: Begins[SweepTx], tenant: str, message_id: str) -> None:
    """So that it is not the first of every sweep."""
    try:
        with transactions.begin(tenant) as tx:
            tx.messages.put_off(tenant, message_id, tx.clock.now() + PUT_OFF)
    except Exception as error:
        log_failure(error, "notification.message.not_put_off", message_id)
