"""Differences of a reconciliation: compared and kept set by set, in a few statements for any number of lines."""
from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    MetaData,
    Select,
    Table,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.schema import DropTable
from sqlalchemy.sql.ddl import CreateTableAs

from services.payment.common.adapters.sql import changed_rows, upsert_into
from services.payment.reconciliation.adapters.sql import matching
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
)
from services.payment.reconciliation.domain.statement import PAYMENT, REFUND, Statement
from services.payment.reconciliation.models import DifferenceRow
from shared_components.db import table_of

D = table_of(DifferenceRow)
NO_DIFFERENCE = (MATCHED, OTHERS)
FACTS = (
    "channel", "day", "kind", "trade_no", "number", "class", "order_id", "statement_id", "line_no", "there_minor",
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
# A comparison while it is worked on; a temporary table of the transaction.
C = Table(
    "compared", MetaData(), *(Column(name, D.c[name].type) for name in FACTS[2:]), Column("fee_minor", BigInteger)
)
# Row security hides from PostgreSQL's planner how many rows it will meet, and then it likes to read whole tables.
# What is off is not forbidden but dear: without the last, a statement over the temporary table would be compiled.
_BY_KEY = text(
    "SELECT set_config(name, 'off', true) FROM unnest(ARRAY["
    "'enable_seqscan', 'enable_hashjoin', 'enable_mergejoin', 'enable_material', 'jit']) AS name"
)
SETTLED_NOTE = "agrees now"
SUPERSEDED_NOTE = "stood only in a superseded statement"


class SqlDifferences:
    def __init__(self, session: Session) -> None:
        self._session = session

    def compare_lines(
        self, statement: Statement, first: int, last: int, at: datetime, *, settle: bool
    ) -> list[Tally]:
        self._prepare()
        found = []
        for kind, part in ((PAYMENT, matching.payments), (REFUND, matching.refunds)):
            with self._compared(part(statement, first, last)):
                found += self._keep(statement, at)
                if settle:
                    lines = and_(D.c.kind == kind, D.c.line_no.between(first, last))
                    self._settle_lines(and_(D.c.statement_id == statement.statement_id, lines), at)
        return found

    def compare_records(self, statement: Statement, since: datetime, until: datetime, at: datetime) -> list[Tally]:
        self._prepare()
        found = []
        for part in (matching.payments_not_there, matching.refunds_not_there):
            with self._compared(part(statement, since, until)):
                found += self._keep(statement, at)
        return found

    def settle_records(self, statement: Statement, at: datetime) -> None:
        self._prepare()
        mine = and_(D.c.tenant_id == statement.tenant, D.c.channel == statement.channel, D.c.state == OPEN)
        there = matching.has_line(D, D.c.kind, D.c.number, D.c.trade_no)
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

    def _prepare(self) -> None:
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(_BY_KEY)

    @contextmanager
    def _compared(self, found: Select[Any]) -> Iterator[None]:
        """Put the comparison into the table C for a moment: it is counted and kept, and made once."""
        self._session.execute(CreateTableAs(found, C.name, temporary=True))
        yield
        self._session.execute(DropTable(C))

    def _keep(self, statement: Statement, at: datetime) -> list[Tally]:
        found = self._tally()
        if any(tally.class_ not in NO_DIFFERENCE for tally in found):
            self._record(statement, at)
        return found

    def _tally(self) -> list[Tally]:
        sums = (func.coalesce(func.sum(C.c[name]), 0) for name in ("there_minor", "here_minor", "fee_minor"))
        keys = (C.c.kind, C.c["class"])
        query = select(*keys, func.count(), *sums).group_by(*keys)
        return [Tally(*row[:3], *map(int, row[3:])) for row in self._session.execute(query)]

    def _record(self, statement: Statement, at: datetime) -> None:
        rows = select(
            literal(statement.tenant),
            literal(statement.channel) + literal("/") + C.c.kind + literal("/") + _known_by(),
            literal(statement.channel), literal(statement.day), *(C.c[name] for name in FACTS[2:]),
            literal(OPEN), literal(at, D.c.found_at.type),
        ).where(C.c["class"].not_in(NO_DIFFERENCE))
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

    def _settle_lines(self, which: ColumnElement[bool], at: datetime) -> None:
        still = select(C.c.line_no).where(C.c["class"].not_in(NO_DIFFERENCE))
        self._settle(and_(which, D.c.state == OPEN, D.c.line_no.not_in(still)), SETTLED_NOTE, at)

    def _settle(self, which: ColumnElement[bool], note: str, at: datetime) -> None:
        self._session.execute(
            update(D).where(which).values(state=RESOLVED, resolved_at=at, resolved_by=BY_ITSELF, note=note)
        )


def _known_by() -> ColumnElement[str]:
    """As domain/reconciliation.py's difference_id has it."""
    with_trade = and_(C.c.kind == REFUND, C.c.trade_no != "")
    return case((with_trade, C.c.trade_no + literal("/") + C.c.number), else_=C.c.number)


def _difference(row: Any) -> Difference:
    values = row._mapping
    return Difference(tenant=values["tenant_id"], class_=values["class"], **{name: values[name] for name in NAMES})
