"""Statements and differences in plain dictionaries, one by one, by the domain's own words."""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.payment.orders.domain import states
from services.payment.orders.domain.payment import ChannelPayment
from services.payment.orders.domain.refund import Refund
from services.payment.reconciliation.domain.errors import StatementConflict, StatementTakenOver
from services.payment.reconciliation.domain.reconciliation import (
    BY_ITSELF,
    MATCHED,
    MISSING_HERE,
    MISSING_THERE,
    OPEN,
    OPEN_REFUND,
    OTHERS,
    RESOLVED,
    STATUS_DIFFERS,
    Difference,
    Tally,
    difference_id,
    payment_class,
    payment_source,
    refund_class,
    refund_source,
)
from services.payment.reconciliation.domain.statement import (
    COMPLETE,
    IMPORT_FAILED,
    IMPORTING,
    PAYMENT,
    REFUND,
    SUPERSEDED,
    ImportFailure,
    Statement,
    StatementLine,
    Summary,
)

JUDGED = (
    "class_", "there_minor", "there_currency", "there_status", "here_minor", "here_currency", "here_status",
    "order_state", "ledger_minor",
)


class MemoryStatements:
    def __init__(self, store: Any) -> None:
        self._all: dict[str, Statement] = store.statements
        self._lines: dict[tuple[str, int], StatementLine] = store.statement_lines

    def complete(self, tenant: str, channel: str, day: date) -> Statement | None:
        return next((each for each in self.complete_on(tenant, day) if each.channel == channel), None)

    def currencies(self, tenant: str, channel: str, day: date) -> list[str]:
        return sorted({
            s.currency for s in self._all.values()
            if (s.tenant, s.channel, s.day) == (tenant, channel, day) and s.state in (COMPLETE, SUPERSEDED)
        })

    def complete_on(self, tenant: str, day: date) -> list[Statement]:
        found = [s for s in self._all.values() if (s.tenant, s.day, s.state) == (tenant, day, COMPLETE)]
        return sorted(found, key=lambda each: each.channel)

    def open(self, statement: Statement) -> list[Statement]:
        wanted = (statement.tenant, statement.channel, statement.day, IMPORTING)
        taken = [s for s in self._all.values() if (s.tenant, s.channel, s.day, s.state) == wanted]
        for each in taken:
            self.fail(each.statement_id, {
                "code": StatementTakenOver.code, "message": "a later import of this day has begun", "details": {},
            })
        self._all[statement.statement_id] = statement
        return taken

    def add_lines(self, statement: Statement, lines: Sequence[StatementLine]) -> int | None:
        if self._all[statement.statement_id].state != IMPORTING:
            raise StatementTakenOver
        there = {(s.kind, s.number, s.trade_no) for (i, _), s in self._lines.items() if i == statement.statement_id}
        for line in lines:
            if (line.kind, line.number, line.trade_no) in there:
                return line.line_no
            there.add((line.kind, line.number, line.trade_no))
            self._lines[statement.statement_id, line.line_no] = line
        return None

    def finish(self, statement: Statement, *, supersede: bool) -> bool:
        if self._all[statement.statement_id].state != IMPORTING:
            return False
        there = self.complete(statement.tenant, statement.channel, statement.day)
        if there is not None:
            if not supersede:
                raise StatementConflict
            self._all[there.statement_id] = replace(there, state=SUPERSEDED)
        self._all[statement.statement_id] = statement
        return True

    def fail(self, statement_id: str, failure: ImportFailure) -> None:
        if self._all[statement_id].state == IMPORTING:
            self._all[statement_id] = replace(self._all[statement_id], state=IMPORT_FAILED, failure=failure)

    def drop_lines(self, statement_id: str, limit: int) -> int:
        mine = sorted(key for key in self._lines if key[0] == statement_id)[:limit]
        for key in mine:
            del self._lines[key]
        return len(mine)

    def reconciled(self, statement: Statement, at: datetime, summary: Summary) -> None:
        there = self._all[statement.statement_id]
        self._all[statement.statement_id] = replace(there, reconciled_at=at, summary=summary)

    def page(
        self, tenant: str, *, channel: str | None, day: date | None, state: str | None, before: str | None, limit: int
    ) -> list[Statement]:
        found = [
            s for s in self._all.values()
            if s.tenant == tenant and channel in (None, s.channel) and day in (None, s.day)
            and state in (None, s.state) and (before is None or s.statement_id < before)
        ]
        return sorted(found, key=lambda each: each.statement_id, reverse=True)[:limit]


class MemoryDifferences:
    def __init__(self, store: Any) -> None:
        self._store = store
        self._all: dict[tuple[str, str], Difference] = store.differences

    def compare_lines(
        self, statement: Statement, first: int, last: int, at: datetime, *, settle: bool
    ) -> list[Tally]:
        found = list(self._lines(statement, first, last))
        for each in found:
            self._record(replace(each, found_at=at))
        if settle:
            still = {each.line_no for each in found if each.class_ not in (MATCHED, OTHERS)}
            self._settle_lines(statement, first, last, still, at)
        lines = self._store.statement_lines
        return _tally(found, lambda each: lines[statement.statement_id, each.line_no].fee_minor or 0)

    def compare_records(self, statement: Statement, since: datetime, until: datetime, at: datetime) -> list[Tally]:
        found = list(self._records(statement, since, until))
        for each in found:
            self._record(replace(each, found_at=at))
        return _tally(found)

    def settle_records(self, statement: Statement, at: datetime) -> None:
        for each in self._open():
            if (each.tenant, each.channel) != (statement.tenant, statement.channel):
                continue
            if each.class_ == MISSING_THERE:
                if self._has_line(each.tenant, each.channel, each.kind, each.number, each.trade_no):
                    self._settle(each, "agrees now", at)
            elif each.day == statement.day and each.statement_id != statement.statement_id:
                self._settle(each, "stood only in a superseded statement", at)

    def pieces_that_differ(self, statement: Statement, size: int) -> list[int]:
        mine = [d.line_no for d in self._open() if d.statement_id == statement.statement_id]
        return sorted({line_no // size for line_no in mine if line_no is not None})

    def askable(self, statement: Statement, before: datetime, limit: int) -> list[Difference]:
        found = [
            d for d in self._open()
            if (d.tenant, d.statement_id) == (statement.tenant, statement.statement_id)
            and (d.asked_at is None or d.asked_at < before) and _is_askable(d)
        ]
        return sorted(found, key=lambda d: d.line_no or 0)[:limit]

    def asked(self, tenant: str, difference_ids: Collection[str], at: datetime) -> None:
        for each in difference_ids:
            self._all[tenant, each] = replace(self._all[tenant, each], asked_at=at)

    def page(
        self, tenant: str, *, day: date | None, channel: str | None, class_: str | None, state: str | None,
        after: str | None, limit: int,
    ) -> list[Difference]:
        found = [
            d for d in self._all.values()
            if d.tenant == tenant and day in (None, d.day) and channel in (None, d.channel)
            and class_ in (None, d.class_) and state in (None, d.state)
            and (after is None or d.difference_id > after)
        ]
        return sorted(found, key=lambda d: d.difference_id)[:limit]

    def count_open(self, statement: Statement) -> int:
        wanted = (statement.tenant, statement.channel, statement.day)
        return sum((d.tenant, d.channel, d.day) == wanted for d in self._open())

    def get(self, tenant: str, difference_id: str) -> Difference | None:
        return self._all.get((tenant, difference_id))

    def resolve(self, difference: Difference, *, by: str, note: str, at: datetime) -> bool:
        key = (difference.tenant, difference.difference_id)
        if self._all[key].state != OPEN:
            return False
        self._all[key] = replace(self._all[key], state=RESOLVED, resolved_by=by, note=note, resolved_at=at)
        return True

    def _settle_lines(
        self, statement: Statement, first: int, last: int, still: Collection[int | None], at: datetime
    ) -> None:
        for each in self._open():
            in_range = each.line_no is not None and first <= each.line_no <= last
            if each.statement_id == statement.statement_id and in_range and each.line_no not in still:
                self._settle(each, "agrees now", at)

    def _lines(self, statement: Statement, first: int, last: int) -> Iterator[Difference]:
        for (statement_id, line_no), line in self._store.statement_lines.items():
            if statement_id == statement.statement_id and first <= line_no <= last:
                yield self._payment(statement, line) if line.kind == PAYMENT else self._refund(statement, line)

    def _payment(self, statement: Statement, line: StatementLine) -> Difference:
        payment = self._store.payments.get((statement.channel, line.number))
        order = self._store.orders.get(line.order_id)
        ledger_minor = self._ledger(statement.tenant, payment_source(payment)) if payment else None
        class_ = payment_class(line, statement.tenant, payment, order, ledger_minor)
        return _there(statement, line, self._found(
            statement, line.kind, (line.trade_no, line.number), class_, line.order_id, ledger_minor,
            payment, payment.disposition if payment else None,
        ))

    def _refund(self, statement: Statement, line: StatementLine) -> Difference:
        refund = self._store.refunds.get(line.number)
        order = self._store.orders.get(line.order_id)
        ledger_minor = self._ledger(statement.tenant, refund_source(refund)) if refund else None
        class_ = refund_class(line, statement.tenant, refund, order, ledger_minor)
        return _there(statement, line, self._found(
            statement, line.kind, (line.trade_no, line.number), class_, line.order_id, ledger_minor,
            refund, refund.state if refund else None,
        ))

    def _records(self, statement: Statement, since: datetime, until: datetime) -> Iterator[Difference]:
        mine = (statement.tenant, statement.channel)
        for payment in self._store.payments.values():
            in_time = (payment.tenant, payment.channel) == mine and since <= payment.received_at < until
            if in_time and not self._has_line(*mine, PAYMENT, payment.trade_no, payment.trade_no):
                yield self._found(
                    statement, PAYMENT, (payment.trade_no, payment.trade_no), MISSING_THERE, payment.order_id,
                    self._ledger(statement.tenant, payment_source(payment)), payment, payment.disposition,
                )
        for refund in self._store.refunds.values():
            at = refund.completed_at
            is_done = refund.state == states.SUCCEEDED and at is not None and since <= at < until
            is_mine = (refund.tenant, refund.channel) == mine
            if is_mine and is_done and not self._has_line(*mine, REFUND, refund.refund_id, refund.trade_no):
                yield self._found(
                    statement, REFUND, (refund.trade_no, refund.refund_id), MISSING_THERE, refund.order_id,
                    self._ledger(statement.tenant, refund_source(refund)), refund, refund.state,
                )

    def _found(
        self, statement: Statement, kind: str, known_by: tuple[str, str], class_: str, order_id: str,
        ledger_minor: int | None, here: ChannelPayment | Refund | None, here_status: str | None,
    ) -> Difference:
        trade_no, number = known_by
        order = self._store.orders.get(order_id)
        return Difference(
            difference_id(statement.channel, kind, number, trade_no), statement.tenant, statement.channel,
            statement.day, kind, number, class_, OPEN, statement.imported_at, order_id=order_id,
            ledger_minor=ledger_minor,
            here_minor=here.amount_minor if here else None, here_currency=here.currency if here else None,
            here_status=here_status, order_state=order.state if order else None,
            order_minor=order.amount_minor if order else None, trade_no=trade_no,
        )

    def _ledger(self, tenant: str, source: str) -> int | None:
        entries = self._store.entries
        return next((e.amount_minor for e in entries if (e.tenant, e.source) == (tenant, source)), None)

    def _has_line(self, tenant: str, channel: str, kind: str, number: str, trade_no: str) -> bool:
        complete = {
            s.statement_id for s in self._store.statements.values()
            if (s.tenant, s.channel, s.state) == (tenant, channel, COMPLETE)
        }
        return any(
            statement_id in complete and (line.kind, line.number) == (kind, number)
            and (line.trade_no == trade_no or "" in (line.trade_no, trade_no))
            for (statement_id, _), line in self._store.statement_lines.items()
        )

    def _record(self, found: Difference) -> None:
        if found.class_ in (MATCHED, OTHERS):
            return
        key = (found.tenant, found.difference_id)
        there = self._all.get(key)
        if there is not None:
            found = replace(found, found_at=there.found_at, asked_at=there.asked_at)
            same = all(getattr(there, name) == getattr(found, name) for name in JUDGED)
            if there.state == RESOLVED and there.resolved_by != BY_ITSELF and same:
                found = replace(
                    found, state=RESOLVED, resolved_at=there.resolved_at, resolved_by=there.resolved_by,
                    note=there.note,
                )
        self._all[key] = found

    def _open(self) -> list[Difference]:
        return [each for each in self._all.values() if each.state == OPEN]

    def _settle(self, each: Difference, note: str, at: datetime) -> None:
        self._all[each.tenant, each.difference_id] = replace(
            each, state=RESOLVED, resolved_at=at, resolved_by=BY_ITSELF, note=note
        )


def _is_askable(difference: Difference) -> bool:
    if difference.kind == PAYMENT:
        lost = difference.class_ == MISSING_HERE and difference.here_minor is None
        return lost and difference.order_state is not None
    return difference.class_ == STATUS_DIFFERS and difference.here_status in OPEN_REFUND


def _there(statement: Statement, line: StatementLine, found: Difference) -> Difference:
    return replace(
        found, statement_id=statement.statement_id, line_no=line.line_no, there_minor=line.amount_minor,
        there_currency=line.currency, there_status=line.status,
    )


def _tally(found: Sequence[Difference], fee: Callable[[Difference], int] = lambda _: 0) -> list[Tally]:
    sums: dict[tuple[str, str], list[int]] = {}
    for each in found:
        sum_ = sums.setdefault((each.kind, each.class_), [0, 0, 0, 0])
        for position, value in enumerate((1, each.there_minor or 0, each.here_minor or 0, fee(each))):
            sum_[position] += value
    return [Tally(kind, class_, *values) for (kind, class_), values in sums.items()]
