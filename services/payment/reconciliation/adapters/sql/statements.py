"""Statements in the database. Lines come by the thousands: COPY on PostgreSQL, one prepared statement on SQLite."""
from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.payment.common.adapters.sql import changed_rows, upsert_into
from services.payment.reconciliation.domain.errors import StatementConflict, StatementTakenOver
from services.payment.reconciliation.domain.statement import (
    COMPLETE,
    IMPORT_FAILED,
    IMPORTING,
    SUPERSEDED,
    ImportFailure,
    Statement,
    StatementLine,
    Summary,
)
from services.payment.reconciliation.models import StatementLineRow, StatementRow
from shared_components.db import table_of
from shared_components.kernel.bilingual import Bilingual

S = table_of(StatementRow)
L = table_of(StatementLineRow)
NAMES = tuple(column.name for column in S.columns if column.name != "tenant_id")
LINE_COLUMNS = tuple(column.name for column in L.columns)
_ROWS_A_STATEMENT = 500
_COLUMNS = ", ".join(LINE_COLUMNS)
_STAGE = "CREATE TEMPORARY TABLE staged_lines (LIKE statement_lines) ON COMMIT DROP"
_TAKE = f"INSERT INTO statement_lines ({_COLUMNS}) SELECT {_COLUMNS} FROM staged_lines"  # noqa: S608
_TAKE_WHAT_IS_NEW = f"{_TAKE} ON CONFLICT DO NOTHING"
_COPY = f"COPY staged_lines ({_COLUMNS}) FROM STDIN"
_COPIED = "\t".join(["%s"] * len(LINE_COLUMNS)) + "\n"
_ONE_BY_ONE = (
    f"INSERT INTO statement_lines ({_COLUMNS}) "  # noqa: S608
    f"VALUES ({', '.join('?' * len(LINE_COLUMNS))}) ON CONFLICT DO NOTHING"
)
TAKEN_OVER: ImportFailure = {
    "code": StatementTakenOver.code, "message": "a later import of this day has begun", "details": {}}


class SqlStatements:
    def __init__(self, session: Session) -> None:
        self._session = session

    def complete(self, tenant: str, channel: str, day: date) -> Statement | None:
        return next((each for each in self.complete_on(tenant, day) if each.channel == channel), None)

    def currencies(self, tenant: str, channel: str, day: date) -> list[str]:
        query = select(S.c.currency).distinct().where(
            S.c.tenant_id == tenant, S.c.channel == channel, S.c.day == day, S.c.state.in_([COMPLETE, SUPERSEDED]))
        return list(self._session.scalars(query.order_by(S.c.currency)))

    def complete_on(self, tenant: str, day: date) -> list[Statement]:
        query = select(S).where(S.c.tenant_id == tenant, S.c.day == day, S.c.state == COMPLETE)
        return [_statement(row) for row in self._session.execute(query.order_by(S.c.channel))]

    def open(self, statement: Statement) -> list[Statement]:
        unfinished = (
            S.c.tenant_id == statement.tenant, S.c.channel == statement.channel, S.c.day == statement.day,
            S.c.state == IMPORTING,
        )
        taken = [_statement(row) for row in self._session.execute(select(S).where(*unfinished).with_for_update())]
        if taken:
            self._session.execute(update(S).where(*unfinished).values(state=IMPORT_FAILED, failure=dict(TAKEN_OVER)))
        self._session.execute(insert(S), [_values(statement)])
        return taken

    def add_lines(self, statement: Statement, lines: Sequence[StatementLine]) -> int | None:
        # Locked, so that whoever takes the import over waits for this piece and then finds it to delete.
        query = select(S.c.state).where(S.c.statement_id == statement.statement_id).with_for_update()
        if self._session.execute(query).scalar() != IMPORTING:
            raise StatementTakenOver(Bilingual(
                "a later import of the same channel and day has begun; only one goes on",
                "同一渠道同一日期的后一次导入已经开始；只有一次能继续"))
        if self._insert(statement, lines) == len(lines):
            return None
        return self._first_missing(statement, lines)

    def finish(self, statement: Statement, *, supersede: bool) -> bool:
        self._make_room(statement, supersede)
        mine = update(S).where(S.c.statement_id == statement.statement_id, S.c.state == IMPORTING)
        try:
            return changed_rows(self._session, mine.values(**_values(statement))) == 1
        except IntegrityError as error:
            raise StatementConflict(Bilingual(
                "another statement of the day was imported at the same moment",
                "当日的另一份对账单同时完成了导入")) from error

    def fail(self, statement_id: str, failure: ImportFailure) -> None:
        mine = update(S).where(S.c.statement_id == statement_id, S.c.state == IMPORTING)
        self._session.execute(mine.values(state=IMPORT_FAILED, failure=dict(failure)))

    def drop_lines(self, statement_id: str, limit: int) -> int:
        first = (
            select(L.c.line_no).where(L.c.statement_id == statement_id).order_by(L.c.line_no).limit(limit)
            .scalar_subquery()
        )
        return changed_rows(
            self._session, delete(L).where(L.c.statement_id == statement_id, L.c.line_no.in_(first))
        )

    def reconciled(self, statement: Statement, at: datetime, summary: Summary) -> None:
        mine = update(S).where(S.c.statement_id == statement.statement_id)
        self._session.execute(mine.values(reconciled_at=at, summary=dict(summary)))

    def page(
        self, tenant: str, *, channel: str | None, day: date | None, state: str | None, before: str | None, limit: int
    ) -> list[Statement]:
        query = select(S).where(S.c.tenant_id == tenant)
        for name, value in (("channel", channel), ("day", day), ("state", state)):
            if value is not None:
                query = query.where(S.c[name] == value)
        if before is not None:
            query = query.where(S.c.statement_id < before)
        return [_statement(row) for row in self._session.execute(query.order_by(S.c.statement_id.desc()).limit(limit))]

    def _make_room(self, statement: Statement, supersede: bool) -> None:
        there = self.complete(statement.tenant, statement.channel, statement.day)
        if there is None:
            return
        if not supersede:
            raise StatementConflict(
                Bilingual(
                    f"statement {there.statement_id} of that channel and day is complete; supersede it, or keep it",
                    f"该渠道当日的对账单 {there.statement_id} 已导入完成；请替代它，或保留它"),
                details={"statement_id": there.statement_id},
            )
        self._session.execute(update(S).where(S.c.statement_id == there.statement_id).values(state=SUPERSEDED))

    def _insert(self, statement: Statement, lines: Sequence[StatementLine]) -> int:
        if self._session.get_bind().dialect.name == "sqlite":
            rows = [_row(statement, line, _sqlite_time) for line in lines]
            return self._session.connection().exec_driver_sql(_ONE_BY_ONE, rows).rowcount
        if _is_green():
            return self._insert_in_groups(statement, lines)
        return self._copy(statement, lines)

    def _copy(self, statement: Statement, lines: Sequence[StatementLine]) -> int:
        """By way of a staging table: COPY can neither skip a row nor obey row security."""
        connection = self._session.connection()
        connection.execute(text(_STAGE))
        # No field can hold a tab, a line's end or a backslash.
        buffer = io.StringIO("".join([_COPIED % _row(statement, line, _iso, nothing="\\N") for line in lines]))
        driver = cast(Any, connection.connection.driver_connection)
        with driver.cursor() as cursor:
            cursor.copy_expert(_COPY, buffer)
        taken = self._take()
        connection.execute(text("DROP TABLE staged_lines"))
        return taken

    def _take(self) -> int:
        """Without ON CONFLICT as long as all is well: looking twice for each row costs PostgreSQL a third more time."""
        try:
            with self._session.begin_nested():
                return changed_rows(self._session, text(_TAKE))
        except IntegrityError:
            return changed_rows(self._session, text(_TAKE_WHAT_IS_NEW))

    def _insert_in_groups(self, statement: Statement, lines: Sequence[StatementLine]) -> int:
        """psycopg2 has no COPY while it waits green; what comes over the bus is small."""
        count = 0
        for first in range(0, len(lines), _ROWS_A_STATEMENT):
            rows = [
                dict(zip(LINE_COLUMNS, _row(statement, line, _itself), strict=True))
                for line in lines[first:first + _ROWS_A_STATEMENT]
            ]
            count += changed_rows(
                self._session, upsert_into(self._session, L).values(rows).on_conflict_do_nothing()
            )
        return count

    def _first_missing(self, statement: Statement, lines: Sequence[StatementLine]) -> int:
        query = select(L.c.line_no).where(
            L.c.statement_id == statement.statement_id, L.c.line_no.between(lines[0].line_no, lines[-1].line_no)
        )
        there = set(self._session.execute(query).scalars())
        return next(line.line_no for line in lines if line.line_no not in there)


def _row(statement: Statement, line: StatementLine, time: Any, nothing: str | None = None) -> tuple[Any, ...]:
    """nothing: what stands for NULL."""
    return (
        statement.statement_id, line.line_no, statement.tenant, statement.channel, line.kind, line.number,
        line.order_id, line.amount_minor, line.currency, line.status, time(line.occurred_at),
        nothing if line.fee_minor is None else line.fee_minor, line.trade_no,
    )


_iso = lru_cache(4096)(datetime.isoformat)
"""Lines that stand together have the same second."""


@lru_cache(4096)
def _sqlite_time(at: datetime) -> str:
    """As UtcDateTime stores it."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _itself(at: datetime) -> datetime:
    return at


def _is_green() -> bool:
    from psycopg2 import extensions

    return extensions.get_wait_callback() is not None


def _values(statement: Statement) -> dict[str, Any]:
    values = {name: getattr(statement, name) for name in NAMES}
    return {"tenant_id": statement.tenant, **values, "summary": statement.summary or {}}


def _statement(row: Any) -> Statement:
    values = {name: getattr(row, name) for name in NAMES}
    return Statement(tenant=row.tenant_id, **{**values, "summary": row.summary or None})
