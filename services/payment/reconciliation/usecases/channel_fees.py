"""Bring the fees that a statement states onto the books: the first time all of them, later what has changed."""
from __future__ import annotations

import logging
from typing import Protocol

from services.payment.ledger.domain.ledger import Entry
from services.payment.ledger.domain.ports import HasBooks, HasLedger
from services.payment.reconciliation.domain.channel_fees import FeeDay, entry_of, kept_minor
from services.payment.reconciliation.domain.ports import HasStatements
from services.payment.reconciliation.domain.statement import Statement
from shared_components.kernel.transactions import HasClock

log = logging.getLogger(__name__)

_ASKED_AT_ONCE = 10


class PostFeesTx(HasBooks, HasClock, HasLedger, HasStatements, Protocol):
    """Ports that `post_fees` uses."""


def post_fees(tx: PostFeesTx, statement: Statement, fees_minor: int) -> None:
    """fees_minor: of the statement's lines that are the tenant's own. Told again, it changes nothing.

    Nothing either when another statement has been put in this one's place: that one tells the fees.
    """
    of_day = statement.tenant, statement.channel, statement.day
    tx.books.lock(statement.tenant)  # who else tells of the day's fees comes before or after, and sees these
    current = tx.statements.complete(*of_day)
    if current is None or current.statement_id != statement.statement_id:
        return
    for currency in tx.statements.currencies(*of_day):
        # One in another currency was put in the place of the others: by it, nothing was kept in theirs.
        stated_minor = fees_minor if currency == statement.currency else 0
        _bring_to(tx, FeeDay(*of_day, currency), stated_minor, statement.statement_id)


def _bring_to(tx: PostFeesTx, fees: FeeDay, fees_minor: int, statement_id: str) -> None:
    stated = stated_fees(tx, fees)
    missing_minor = fees_minor - kept_minor(fees, [*stated, *paid_out_fees(tx, fees)])
    if missing_minor == 0:
        return
    entry = entry_of(fees, missing_minor, len(stated) + 1, tx.clock.now())
    tx.ledger.post([entry])
    log.info("payment.fees.posted", extra={
        "statement_id": statement_id, "channel": fees.channel, "source": entry.source,
        "amount_minor": missing_minor,
    })


def stated_fees(tx: HasBooks, fees: FeeDay) -> list[Entry]:
    """Entries that statements have brought onto the books. Read by source, a few at a time."""
    found: list[Entry] = []
    for first in range(1, 10**6, _ASKED_AT_ONCE):
        numbers = range(first, first + _ASKED_AT_ONCE)
        page = tx.books.with_sources(fees.tenant, [fees.statement_source(number) for number in numbers])
        found += page
        if len(page) < _ASKED_AT_ONCE:
            break
    return found


def paid_out_fees(tx: HasBooks, fees: FeeDay) -> list[Entry]:
    """The entry of the payout, where it was told of the fee before a statement was."""
    return tx.books.with_sources(fees.tenant, [fees.payout_source])
