"""Import a channel's daily statement: in pieces, each a short transaction; nothing counts before the whole does."""
from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from services.payment.channels.domain.ports import Channels
from services.payment.channels.usecases.check_channel import check_channel
from services.payment.reconciliation.domain.errors import StatementConflict, StatementMalformed, StatementTakenOver
from services.payment.reconciliation.domain.ports import HasStatements, StatementSource
from services.payment.reconciliation.domain.statement import (
    COMPLETE,
    IMPORTING,
    PAYMENT,
    ImportFailure,
    Statement,
    StatementLine,
    check_day,
)
from services.payment.reconciliation.usecases import views
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import Transactions

log = logging.getLogger(__name__)

DROPPED_AT_ONCE = 20_000
Progress = Callable[[int, int], None]
"""Is told how many bytes have been read and how many lines have been stored."""


@dataclass(frozen=True, slots=True)
class WantedImport:
    """supersede: put it in the place of another statement of the same channel and day."""

    tenant: str
    channel: str
    day: date
    supersede: bool = False


@dataclass(slots=True)
class _Counts:
    lines: int = 0
    last_line_no: int = 0
    currency: str | None = None
    payments: list[int] = field(default_factory=lambda: [0, 0])
    refunds: list[int] = field(default_factory=lambda: [0, 0])
    fees_minor: int | None = 0

    def add(self, lines: Sequence[StatementLine]) -> None:
        self.currency = self.currency or lines[0].currency
        for line in lines:
            sums = self.payments if line.kind == PAYMENT else self.refunds
            sums[0] += 1
            sums[1] += line.amount_minor
            if line.currency != self.currency:
                raise _refusal(line.line_no, "currency", Bilingual(
                    f"one currency a statement, here {self.currency},",
                    f"一份对账单一种币种（此处为 {self.currency}）"))
        # A statement has fees on all its lines or on none.
        self.fees_minor = None if lines[0].fee_minor is None else (self.fees_minor or 0) + sum(
            line.fee_minor or 0 for line in lines)
        self.lines += len(lines)
        self.last_line_no = lines[-1].line_no


def import_statement(
    transactions: Transactions[HasStatements],
    channels: Channels,
    wanted: WantedImport,
    source: StatementSource,
    progress: Progress | None = None,
) -> views.StatementView:
    """The same file again gives the same statement. May run twice, and be cut off anywhere.

    Raises StatementMalformed, StatementChanged, StatementConflict, StatementDayInvalid, StatementTakenOver,
    ChannelUnknown.
    """
    check_channel(channels, wanted.channel)
    check_day(wanted.day, now=transactions.clock.now())
    statement = _statement(transactions, wanted, source)
    with transactions.begin(wanted.tenant) as tx:
        known = tx.statements.complete(wanted.tenant, wanted.channel, wanted.day)
        if known is not None and known.digest == source.digest:
            return views.statement(known)
        kept = None if wanted.supersede else known
        unfinished = [] if kept else tx.statements.open(statement)
    if kept:
        # Whoever brings a wrong file should hear of that: to supersede with it would fail.
        _read(statement, source)
        raise _conflict(kept)
    for each in unfinished:
        _drop_lines(transactions, each)
    try:
        complete = _load(transactions, statement, source, progress or _no_progress)
        return _finish(transactions, complete, supersede=wanted.supersede)
    except BaseException as error:
        _give_up(transactions, statement, error)
        raise


def _load(
    transactions: Transactions[HasStatements], statement: Statement, source: StatementSource, progress: Progress
) -> Statement:
    counts = _Counts()
    for lines in source.chunks(statement.day):
        counts.add(lines)
        with transactions.begin(statement.tenant) as tx:
            twin = tx.statements.add_lines(statement, lines)
            if twin is not None:
                raise _refusal(twin, "number", Bilingual(
                    "each payment and each refund once",
                    "每笔缴费、每笔退款各出现一次"))
        progress(source.position, counts.lines)
    return replace(
        statement, state=COMPLETE, imported_at=transactions.clock.now(), currency=counts.currency or "CNY",
        line_count=counts.lines, last_line_no=counts.last_line_no, payment_count=counts.payments[0],
        payments_minor=counts.payments[1], refund_count=counts.refunds[0], refunds_minor=counts.refunds[1],
        fees_minor=counts.fees_minor,
    )


def _read(statement: Statement, source: StatementSource) -> None:
    """Without storing it. Raises what is wrong with the file."""
    counts = _Counts()
    for lines in source.chunks(statement.day):
        counts.add(lines)


def _finish(transactions: Transactions[HasStatements], statement: Statement, *, supersede: bool) -> views.StatementView:
    with transactions.begin(statement.tenant) as tx:
        known = tx.statements.complete(statement.tenant, statement.channel, statement.day)
        twin = known is not None and known.digest == statement.digest
        if not twin and not tx.statements.finish(statement, supersede=supersede):
            raise StatementTakenOver(Bilingual(
                "a later import of the same channel and day has begun; only one goes on",
                "同一渠道同一日期的后一次导入已经开始；只有一次能继续"))
    if known is not None and twin:  # somebody else was quicker with the same file
        _give_up(transactions, statement, _conflict(known))
        return views.statement(known)
    log.info("payment.statement.imported", extra={
        "statement_id": statement.statement_id, "channel": statement.channel, "line_count": statement.line_count,
    })
    return views.statement(statement)


def _give_up(transactions: Transactions[HasStatements], statement: Statement, error: BaseException) -> None:
    """Mark it failed with the reason, and take its lines away: they never counted."""
    failure: ImportFailure = {"code": "interrupted", "message": type(error).__name__, "details": {}}
    if isinstance(error, AppError):
        failure = {"code": error.code, "message": error.message, "details": error.details}
    with transactions.begin(statement.tenant) as tx:
        tx.statements.fail(statement.statement_id, failure)
    log.info("payment.statement.refused", extra={
        "statement_id": statement.statement_id, "channel": statement.channel, "code": failure["code"],
    })
    _drop_lines(transactions, statement)


def _drop_lines(transactions: Transactions[HasStatements], statement: Statement) -> None:
    dropped = DROPPED_AT_ONCE
    while dropped == DROPPED_AT_ONCE:
        with transactions.begin(statement.tenant) as tx:
            dropped = tx.statements.drop_lines(statement.statement_id, DROPPED_AT_ONCE)


def _statement(transactions: Transactions[HasStatements], wanted: WantedImport, source: StatementSource) -> Statement:
    return Statement(
        statement_id=new_id("stm"), tenant=wanted.tenant, channel=wanted.channel, day=wanted.day,
        format=source.format, digest=source.digest, state=IMPORTING, imported_at=transactions.clock.now(),
    )


def _conflict(known: Statement) -> StatementConflict:
    return StatementConflict(
        Bilingual(
            f"channel {known.channel!r} has statement {known.statement_id} of {known.day} with other content; "
            "keep it, or import with supersede",
            f"渠道“{known.channel}”已有 {known.day} 的对账单 {known.statement_id}，内容不同；请保留它，或用 "
            "supersede 导入"),
        details={"statement_id": known.statement_id},
    )


def _refusal(line_no: int, column: str, allowed: Bilingual) -> StatementMalformed:
    return StatementMalformed(
        Bilingual(
            f"statement's line {line_no}, column {column!r} is not taken; only {allowed} is allowed",
            f"对账单第 {line_no} 行“{column}”列不被接受；只允许{allowed.zh}"),
        details={"line": line_no, "column": column, "allowed": str(allowed)},
    )


def _no_progress(_bytes: int, _lines: int) -> None:
    """Nobody watches."""
