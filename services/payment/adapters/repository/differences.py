"""What a reconciliation finds, kept: set by set, in a few statements, however many lines."""
from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, cast, func, literal, null, or_, select, text, update
from sqlalchemy.orm import Session

from services.payment.adapters.repository import matching
from services.payment.adapters.repository.statements import changed_rows, table_of, upsert_into
from services.payment.domain.reconciliation import (
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
)
from services.payment.domain.statement import PAYMENT, REFUND, Statement
from services.payment.models import DifferenceRow

D = table_of(DifferenceRow)
NO_DIFFERENCE = (MATCHED, OTHERS)
FACTS = (
    "channel", "day", "kind", "number", "class", "order_id", "statement_id", "line_no", "there_minor",
    "there_currency", "there_status", "here_minor", "here_currency", "here_status", "order_state", "order_minor",
    "ledger_minor",
)
# A person's decision stands while these are what they were.
JUDGED = (
    "class", "there_minor", "there_currency", "there_status", "here_minor", "here_currency", "here_status",
    "order_state", "ledger_minor",
)
OWN = ("resolved_at", "resolved_by", "note")
NAMES = tuple(column.name for column in D.columns if column.name not in ("tenant_id", "class"))
# Row security hides from PostgreSQL's planner how many rows it will meet, and then it likes to read whole tables.
_BY_KEY = text(
    "SELECT set_config(name, 'off', true) FROM unnest(ARRAY["
    "'enable_seqscan', 'enable_hashjoin', 'enable_mergejoin', 'enable_material']) AS name"
)
SETTLED_NOTE = "agrees now"
SUPERSEDED_NOTE = "stood only in a superseded statement"


class SqlDifferences:
    def __init__(self, session: Session) -> None:
        self._session = session

    def prepare(self) -> None:
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(_BY_KEY)

    def tally_lines(self, statement: Statement, first: int, last: int) -> list[Tally]:
        return self._tally(_of_lines(statement, first, last))

    def record_lines(self, statement: Statement, first: int, last: int, at: datetime) -> None:
        for found in _of_lines(statement, first, last):
            self._record(found, statement, at)

    def settle_lines(self, statement: Statement, first: int, last: int, at: datetime) -> None:
        mine = and_(D.c.statement_id == statement.statement_id, D.c.line_no.between(first, last), D.c.state == OPEN)
        for kind, found in zip((PAYMENT, REFUND), _of_lines(statement, first, last), strict=True):
            lines = found.subquery()
            still = select(lines.c.line_no).where(lines.c["class"].not_in(NO_DIFFERENCE))
            self._settle(and_(mine, D.c.kind == kind, D.c.line_no.not_in(still)), SETTLED_NOTE, at)

    def tally_records(self, statement: Statement, since: datetime, until: datetime) -> list[Tally]:
        return self._tally(_of_records(statement, since, until))

    def record_records(self, statement: Statement, since: datetime, until: datetime, at: datetime) -> None:
        for found in _of_records(statement, since, until):
            self._record(found, statement, at)

    def settle_records(self, statement: Statement, at: datetime) -> None:
        mine = and_(D.c.tenant_id == statement.tenant, D.c.channel == statement.channel, D.c.state == OPEN)
        there = matching.has_line(D, D.c.kind, D.c.number)
        self._settle(and_(mine, D.c["class"] == MISSING_THERE, there), SETTLED_NOTE, at)
        gone = and_(D.c.day == statement.day, D.c.statement_id != statement.statement_id)
        self._settle(and_(mine, D.c["class"] != MISSING_THERE, gone), SUPERSEDED_NOTE, at)

    def pieces_that_differ(self, statement: Statement, size: int) -> list[int]:
        piece = (D.c.line_no // size).label("piece")
        query = select(piece).where(D.c.statement_id == statement.statement_id, D.c.state == OPEN).distinct()
        return sorted(int(each) for each in self._session.execute(query).scalars() if each is not None)

    def askable(self, statement: Statement, before: datetime, limit: int) -> list[Difference]:
        lost_payment = and_(
            D.c.kind == PAYMENT, D.c["class"] == MISSING_HERE, D.c.here_minor.is_(None), D.c.order_state.is_not(None)
        )
        open_refund = and_(D.c.kind == REFUND, D.c["class"] == STATUS_DIFFERS, D.c.here_status.in_(OPEN_REFUND))
        query = select(D).where(
            D.c.tenant_id == statement.tenant, D.c.statement_id == statement.statement_id, D.c.state == OPEN,
            or_(lost_payment, open_refund), or_(D.c.asked_at.is_(None), D.c.asked_at < before),
        )
        return [_difference(row) for row in self._session.execute(query.order_by(D.c.line_no).limit(limit))]

    def asked(self, tenant: str, difference_ids: Collection[str], at: datetime) -> None:
        if difference_ids:
            mine = (D.c.tenant_id == tenant, D.c.difference_id.in_(sorted(difference_ids)))
            self._session.execute(update(D).where(*mine).values(asked_at=at))

    def page(
        self, tenant: str, *, day: date | None, channel: str | None, class_: str | None, state: str | None,
        after: str | None, limit: int,
    ) -> list[Difference]:
        query = select(D).where(D.c.tenant_id == tenant)
        for name, value in (("day", day), ("channel", channel), ("class", class_), ("state", state)):
            if value is not None:
                query = query.where(D.c[name] == value)
        if after is not None:
            query = query.where(D.c.difference_id > after)
        return [_difference(row) for row in self._session.execute(query.order_by(D.c.difference_id).limit(limit))]

    def count_open(self, statement: Statement) -> int:
        query = select(func.count()).select_from(D).where(
            D.c.tenant_id == statement.tenant, D.c.channel == statement.channel, D.c.day == statement.day,
            D.c.state == OPEN,
        )
        return int(self._session.execute(query).scalar_one())

    def get(self, tenant: str, difference_id: str) -> Difference | None:
        query = select(D).where(D.c.tenant_id == tenant, D.c.difference_id == difference_id).with_for_update()
        row = self._session.execute(query).first()
        return None if row is None else _difference(row)

    def resolve(self, difference: Difference, *, by: str, note: str, at: datetime) -> bool:
        mine = update(D).where(
            D.c.tenant_id == difference.tenant, D.c.difference_id == difference.difference_id, D.c.state == OPEN
        )
        values = mine.values(state=RESOLVED, resolved_at=at, resolved_by=by, note=note)
        return changed_rows(self._session, values) == 1

    def _tally(self, parts: Iterable[Select[Any]]) -> list[Tally]:
        found = []
        for part in parts:
            each = part.subquery()
            there, here = (func.coalesce(func.sum(each.c[name]), 0) for name in ("there_minor", "here_minor"))
            keys = (each.c.kind, each.c["class"])
            query = select(*keys, func.count(), there, here).group_by(*keys)
            found += [Tally(row[0], row[1], row[2], int(row[3]), int(row[4])) for row in self._session.execute(query)]
        return found

    def _record(self, found: Select[Any], statement: Statement, at: datetime) -> None:
        each = found.subquery()
        rows = select(
            literal(statement.tenant),
            literal(statement.channel) + literal("/") + each.c.kind + literal("/") + each.c.number,
            literal(statement.channel), literal(statement.day), *(each.c[name] for name in FACTS[2:]),
            literal(OPEN), literal(at, D.c.found_at.type),
        ).where(each.c["class"].not_in(NO_DIFFERENCE))
        statement_ = upsert_into(self._session, D).from_select(
            ["tenant_id", "difference_id", *FACTS, "state", "found_at"], rows
        )
        new = statement_.excluded
        same = and_(
            D.c.state == RESOLVED, D.c.resolved_by != BY_ITSELF,
            *(D.c[name].is_not_distinct_from(new[name]) for name in JUDGED),
        )
        self._session.execute(statement_.on_conflict_do_update(
            index_elements=[D.c.tenant_id, D.c.difference_id],
            set_={
                **{name: new[name] for name in FACTS},
                "state": case((same, RESOLVED), else_=OPEN),
                **{name: case((same, D.c[name]), else_=cast(null(), D.c[name].type)) for name in OWN},
            },
        ))

    def _settle(self, which: ColumnElement[bool], note: str, at: datetime) -> None:
        self._session.execute(
            update(D).where(which).values(state=RESOLVED, resolved_at=at, resolved_by=BY_ITSELF, note=note)
        )


def _of_lines(statement: Statement, first: int, last: int) -> list[Select[Any]]:
    return [matching.payments(statement, first, last), matching.refunds(statement, first, last)]


def _of_records(statement: Statement, since: datetime, until: datetime) -> list[Select[Any]]:
    return [matching.payments_not_there(statement, since, until), matching.refunds_not_there(statement, since, until)]


def _difference(row: Any) -> Difference:
    values = row._mapping
    return Difference(tenant=values["tenant_id"], class_=values["class"], **{name: values[name] for name in NAMES})
