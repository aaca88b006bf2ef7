"""Compare a day's statement with our records and the ledger, settle by asking the channel, keep the rest as work.

Piece by piece, each a short transaction, and each may be done twice: running it again gives the same result.
"""
from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from services.payment.channels.domain.errors import ChannelUnavailable, ChannelUnknown
from services.payment.channels.domain.ports import Channels
from services.payment.ledger.domain.ports import HasBooks, HasLedger
from services.payment.orders.domain.errors import RefundUnknown
from services.payment.orders.domain.ports import (
    AdmitsTenants,
    HasChannelEvents,
    HasChannelPayments,
    HasOrders,
    HasRefunds,
)
from services.payment.orders.usecases.push_refund import push_refund
from services.payment.orders.usecases.query_channel import query_channel
from services.payment.reconciliation.domain.ports import HasDifferences, HasStatements
from services.payment.reconciliation.domain.reconciliation import DIFFERENCES, MATCHED, OTHERS, Difference, Tally
from services.payment.reconciliation.domain.statement import KINDS, PAYMENT, Statement
from services.payment.reconciliation.usecases import views
from services.payment.reconciliation.usecases.channel_fees import post_fees
from shared_components.kernel.transactions import HasClock, HasEvents, Transactions

log = logging.getLogger(__name__)

PIECE_LINES = 50_000
SLICE = timedelta(hours=1)
ASK_PAGE = 100
ASK_LIMIT = 10_000
"""Questions to the channel in one run; what is left is asked in the next."""

Progress = Callable[[int], None]
Sums = dict[tuple[str, str], list[int]]


class ReconcileTx(
    AdmitsTenants,
    HasBooks,
    HasChannelEvents,
    HasChannelPayments,
    HasClock,
    HasDifferences,
    HasEvents,
    HasLedger,
    HasOrders,
    HasRefunds,
    HasStatements,
    Protocol,
):
    """Ports that `reconcile` uses."""


@dataclass
class _Run:
    """pieces: what was last found in each piece of lines and each slice of time.

    differed: the pieces that had open differences before they were compared.
    """

    at: datetime
    differed: set[int] = field(default_factory=set)
    pieces: dict[object, list[Tally]] = field(default_factory=dict)
    asked: int = 0

    def sums(self) -> Sums:
        found: Sums = {(kind, class_): [0, 0, 0, 0] for kind in KINDS for class_ in (MATCHED, *DIFFERENCES, OTHERS)}
        for tallies in self.pieces.values():
            for tally in tallies:
                # Another tenant's records are not even shown as a sum.
                here_minor = 0 if tally.class_ == OTHERS else tally.here_minor
                for position, value in enumerate((tally.lines, tally.there_minor, here_minor, tally.fee_minor)):
                    found[tally.kind, tally.class_][position] += value
        return found


def reconcile(
    transactions: Transactions[ReconcileTx], channels: Channels, statement: Statement, *, ask_limit: int = ASK_LIMIT,
    progress: Progress | None = None,
) -> views.ReconciliationView:
    """statement: complete. progress is told the number of the last line that was compared."""
    run = _Run(transactions.clock.now(), _pieces_that_differ(transactions, statement))
    for piece in range(statement.last_line_no // PIECE_LINES + 1):
        _compare_lines(transactions, statement, piece, run)
        if progress is not None:
            progress(min((piece + 1) * PIECE_LINES, statement.last_line_no))
    run.asked = _ask(transactions, channels, statement, run.at, ask_limit)
    if run.asked:
        run.differed = _pieces_that_differ(transactions, statement)
        for piece in sorted(run.differed):
            _compare_lines(transactions, statement, piece, run)
    _compare_records(transactions, statement, run)
    return _conclude(transactions, statement, run)


def _pieces_that_differ(transactions: Transactions[ReconcileTx], statement: Statement) -> set[int]:
    with transactions.begin(statement.tenant) as tx:
        return set(tx.differences.pieces_that_differ(statement, PIECE_LINES))


def _compare_lines(transactions: Transactions[ReconcileTx], statement: Statement, piece: int, run: _Run) -> None:
    first, last = piece * PIECE_LINES, (piece + 1) * PIECE_LINES - 1
    # The view of every tenant: a line that is another's must not look like one that nobody knows.
    with transactions.begin() as tx:
        tallies = tx.differences.compare_lines(statement, first, last, run.at, settle=piece in run.differed)
    run.pieces[piece] = tallies


def _compare_records(transactions: Transactions[ReconcileTx], statement: Statement, run: _Run) -> None:
    for since, until in _slices(statement):
        with transactions.begin(statement.tenant) as tx:
            tallies = tx.differences.compare_records(statement, since, until, run.at)
        run.pieces[since] = tallies
    with transactions.begin(statement.tenant) as tx:
        tx.differences.settle_records(statement, run.at)


def _slices(statement: Statement) -> Iterator[tuple[datetime, datetime]]:
    since = statement.begins_at
    while since < statement.ends_at:
        yield since, since + SLICE
        since += SLICE


def _ask(
    transactions: Transactions[ReconcileTx], channels: Channels, statement: Statement, before: datetime, limit: int
) -> int:
    """How many questions were put. Each answer is applied as a callback or a scheduled query applies it."""
    asked = 0
    while asked < limit and _reachable(channels, statement.channel):
        with transactions.begin(statement.tenant) as tx:
            page = tx.differences.askable(statement, before, min(ASK_PAGE, limit - asked))
        if not page:
            break
        for difference in page:
            _settle(transactions, channels, difference)
        with transactions.begin(statement.tenant) as tx:
            # Never earlier than `before`, so that the next page is another one.
            tx.differences.asked(
                statement.tenant, [each.difference_id for each in page], max(before, transactions.clock.now())
            )
        asked += len(page)
    return asked


def _reachable(channels: Channels, channel: str) -> bool:
    try:
        channels.named(channel)
    except (ChannelUnknown, ChannelUnavailable):
        return False
    return True


def _settle(transactions: Transactions[ReconcileTx], channels: Channels, difference: Difference) -> None:
    if difference.kind == PAYMENT:
        _ask_for_payment(transactions, channels, difference)
        return
    try:
        push_refund(transactions, channels, difference.tenant, difference.number)
    except RefundUnknown:
        log.warning("payment.reconciliation.refund_gone", extra={"difference_id": difference.difference_id})


def _ask_for_payment(transactions: Transactions[ReconcileTx], channels: Channels, difference: Difference) -> None:
    with transactions.begin(difference.tenant) as tx:
        order = tx.orders.get(difference.tenant, str(difference.order_id))
    if order is not None:
        # The order may not know the channel: the payer can be quicker than our own record of having sent him there.
        query_channel(transactions, channels, replace(order, channel=difference.channel))


def _conclude(transactions: Transactions[ReconcileTx], statement: Statement, run: _Run) -> views.ReconciliationView:
    sums = run.sums()
    fees_minor = None if statement.fees_minor is None else _own_fees(sums)
    with transactions.begin(statement.tenant) as tx:
        if fees_minor is not None:
            post_fees(tx, statement, fees_minor)
        open_count = tx.differences.count_open(statement)
        summary = views.summary(sums, open_count, fees_minor)
        tx.statements.reconciled(statement, run.at, summary)
    log.info("payment.statement.reconciled", extra={
        "statement_id": statement.statement_id, "channel": statement.channel, "open_count": open_count,
        "asked_count": run.asked,
    })
    return views.reconciliation(replace(statement, reconciled_at=run.at), summary, asked=run.asked)


def _own_fees(sums: Sums) -> int:
    """Another tenant that shares the account posts the fees of its lines itself."""
    return sum(fee_minor for (_, class_), (*_, fee_minor) in sums.items() if class_ != OTHERS)
