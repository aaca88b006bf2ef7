"""Scheduled work: attempt again what failed for a time, and what a crash left."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Protocol

from services.notification.carriers.domain.ports import Carriers
from services.notification.common.channels import SMS
from services.notification.messages.domain.mailer import Mailer
from services.notification.messages.usecases.deliver import (
    BeginsForGroup,
    DeliveredMessages,
    MessageKey,
    deliver,
    log_failure,
)
from services.notification.messages.usecases.deliver_texts import (
    HandAll,
    TextsTx,
    deliver_texts,
    parcels_one_by_one,
)
from services.notification.templates.domain.template import CLASSES
from shared_components.kernel.errors import Unavailable
from shared_components.kernel.transactions import Begins

PLATFORM = "*"
PUT_OFF = timedelta(hours=1)
SWEEP_S = 4.0
"""A sweep ends before the next one begins."""


class DueMessages(DeliveredMessages, Protocol):
    def due(self, at: datetime, limit: int, message_class: str) -> list[tuple[str, str, str]]:
        """(tenant, message id, channel) of what a sweep should take up, of every tenant, longest waiting first."""
        ...

    def put_off(self, tenant: str, message_id: str, until: datetime) -> None:
        """Let no sweep take it up before; its state stays."""
        ...


class SweepTx(TextsTx, Protocol):
    """The part of a transaction that a sweep needs."""

    @property
    def messages(self) -> DueMessages: ...


class SweepTransactions(Begins[SweepTx], BeginsForGroup[SweepTx], Protocol):
    """Transactions of one tenant, of several, or of all."""


def deliver_due(
    transactions: SweepTransactions, mailer: Mailer, carriers: Carriers, *, limit: int,
    hand_all: HandAll = parcels_one_by_one,
) -> int:
    """Attempt what is due and nobody is at, urgent messages first; gives how many were tried.

    One bad message stops no other. Texts go in groups of `limit` for as long as there are any and time is left.
    """
    until = monotonic() + SWEEP_S
    return sum(
        _deliver_class(transactions, mailer, carriers, message_class, limit, hand_all, until)
        for message_class in CLASSES)


def _deliver_class(
    transactions: SweepTransactions, mailer: Mailer, carriers: Carriers, message_class: str, limit: int,
    hand_all: HandAll, until: float,
) -> int:
    tried = 0
    mailer_is_up = True
    while True:
        with transactions.begin(PLATFORM) as tx:
            due = tx.messages.due(tx.clock.now(), limit, message_class)
        texts = [(tenant, message_id) for tenant, message_id, channel in due if channel == SMS]
        others = [(tenant, message_id) for tenant, message_id, channel in due if channel != SMS]
        deliver_texts(transactions, carriers, texts, hand_all)
        done, mailer_is_up = _deliver_others(transactions, mailer, others)
        tried += len(texts) + done
        if len(due) < limit or not texts or not mailer_is_up or monotonic() > until:
            return tried


def _deliver_others(
    transactions: SweepTransactions, mailer: Mailer, keys: Sequence[MessageKey],
) -> tuple[int, bool]:
    """How many were tried, and whether the mail server is up."""
    for tried, (tenant, message_id) in enumerate(keys, start=1):
        try:
            is_up = deliver(transactions, mailer, tenant=tenant, message_id=message_id)
        except Unavailable:
            raise  # the database: it would fail for the next one too
        except Exception as error:
            log_failure(error, "notification.message.put_off", message_id)
            _put_off(transactions, tenant, message_id)
            continue
        if not is_up:
            return tried, False
    return len(keys), True


def _put_off(transactions: Begins[SweepTx], tenant: str, message_id: str) -> None:
    """So that it is not the first of every sweep."""
    try:
        with transactions.begin(tenant) as tx:
            tx.messages.put_off(tenant, message_id, tx.clock.now() + PUT_OFF)
    except Exception as error:
        log_failure(error, "notification.message.not_put_off", message_id)
