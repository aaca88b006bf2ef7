"""The days of the ledger in the database."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, insert, literal, or_, select, tuple_, union_all, update
from sqlalchemy.orm import Session

from services.payment.common.adapters.sql import upsert_into
from services.payment.ledger.domain.books import Balances, Closing
from services.payment.ledger.domain.ledger import Balance, Entry, fiscal_payable
from services.payment.ledger.domain.settlement import KINDS, OTHER, Movement
from services.payment.ledger.models import (
    LedgerBalanceRow,
    LedgerClosingBalanceRow,
    LedgerClosingRow,
    LedgerDayRow,
    LedgerEntryRow,
)
from shared_components.db import table_of

E = table_of(LedgerEntryRow)
RUNNING = table_of(LedgerBalanceRow)
D = table_of(LedgerDayRow)
C = table_of(LedgerClosingRow)
B = table_of(LedgerClosingBalanceRow)
ENTRY_NAMES = tuple(column.name for column in E.columns if column.name != "tenant_id")


def closed_days(session: Session, tenants: Collection[str], *, alone: bool = False) -> dict[str, date | None]:
    """tenant → its last closed day, which stays that until the transaction ends: posters share it, a closer is alone.

    The row of a tenant is made when it is first asked for: what is not there cannot be locked.
    """
    found = _lock_days(session, tenants, alone)
    missing = sorted(set(tenants) - set(found))
    if missing:
        rows = [{"tenant_id": tenant, "closed_through": None} for tenant in missing]
        session.execute(upsert_into(session, D).values(rows).on_conflict_do_nothing())
        found |= _lock_days(session, missing, alone)
    return found


def _lock_days(session: Session, tenants: Collection[str], alone: bool) -> dict[str, date | None]:
    # Ordered, so that two groups that share tenants never wait for each other in a circle.
    query = select(D).where(D.c.tenant_id.in_(sorted(tenants))).order_by(D.c.tenant_id)
    return {row.tenant_id: row.closed_through for row in session.execute(query.with_for_update(read=not alone))}


class SqlBooks:
    def __init__(self, session: Session) -> None:
        self._session = session

    def closed_through(self, tenant: str) -> date | None:
        day: date | None = self._session.scalar(select(D.c.closed_through).where(D.c.tenant_id == tenant))
        return day

    def open_at(self, day: date) -> dict[str, date | None]:
        query = select(D).where(or_(D.c.closed_through.is_(None), D.c.closed_through < day)).order_by(D.c.tenant_id)
        return {row.tenant_id: row.closed_through for row in self._session.execute(query)}

    def lock(self, tenant: str) -> date | None:
        return closed_days(self._session, [tenant], alone=True)[tenant]

    def closing(self, tenant: str, day: date) -> Closing | None:
        return self._closing(tenant, C.c.business_day == day)

    def closing_up_to(self, tenant: str, day: date) -> Closing | None:
        return self._closing(tenant, C.c.business_day <= day)

    def _closing(self, tenant: str, condition: ColumnElement[bool]) -> Closing | None:
        query = select(C).where(C.c.tenant_id == tenant, condition).order_by(C.c.business_day.desc()).limit(1)
        row = self._session.execute(query).first()
        if row is None:
            return None
        balances = select(B).where(B.c.tenant_id == tenant, B.c.business_day == row.business_day)
        return Closing(
            tenant=tenant, day=row.business_day, since=row.since, closed_at=row.closed_at, closed_by=row.closed_by,
            entries=row.entries, balances=_balances(self._session.execute(balances)),
        )

    def store(self, closing: Closing) -> None:
        key = {"tenant_id": closing.tenant, "business_day": closing.day}
        self._session.execute(insert(C).values(
            **key, since=closing.since, closed_at=closing.closed_at, closed_by=closing.closed_by,
            entries=closing.entries,
        ))
        if closing.balances:
            self._session.execute(insert(B), [
                {
                    **key, "account": account, "currency": currency, "debit_minor": balance.debit_minor,
                    "credit_minor": balance.credit_minor,
                }
                for (account, currency), balance in closing.balances.items()
            ])
        self._session.execute(update(D).where(D.c.tenant_id == closing.tenant).values(closed_through=closing.day))

    def movements(self, tenant: str, *, after: date | None, through: date | None) -> tuple[int, Balances]:
        period = (E.c.tenant_id == tenant, *_period(after, through))
        zero = literal(0)
        sides = union_all(
            select(E.c.debit_account.label("account"), E.c.currency, E.c.amount_minor.label("debit_minor"),
                   zero.label("credit_minor")).where(*period),
            select(E.c.credit_account, E.c.currency, zero, E.c.amount_minor).where(*period),
        ).subquery()
        query = select(
            sides.c.account, sides.c.currency, func.sum(sides.c.debit_minor).label("debit_minor"),
            func.sum(sides.c.credit_minor).label("credit_minor"),
        ).group_by(sides.c.account, sides.c.currency)
        entries = self._session.scalar(select(func.count()).select_from(E).where(*period)) or 0
        return entries, _balances(self._session.execute(query))

    def account_movement(
        self, tenant: str, account: str, currency: str, *, after: date | None, through: date
    ) -> tuple[int, int, int]:
        of_period = (E.c.tenant_id == tenant, E.c.currency == currency, *_period(after, through))
        (debits, debit), (credits, credit) = (
            self._session.execute(
                select(func.count(), func.coalesce(func.sum(E.c.amount_minor), 0)).where(column == account, *of_period)
            ).one()
            for column in (E.c.debit_account, E.c.credit_account)
        )
        return debits + credits, int(debit), int(credit)

    def running(self, tenant: str) -> Balances:
        return _balances(self._session.execute(select(RUNNING).where(RUNNING.c.tenant_id == tenant)))

    def page(
        self, tenant: str, account: str, currency: str, *, first: date, last: date, after: tuple[date, str] | None,
        limit: int,
    ) -> list[Entry]:
        query = select(E).where(
            E.c.tenant_id == tenant, E.c.currency == currency,
            or_(E.c.debit_account == account, E.c.credit_account == account),
            E.c.business_day.between(first, last),
        )
        if after is not None:
            query = query.where(tuple_(E.c.business_day, E.c.entry_id) > tuple_(literal(after[0]), literal(after[1])))
        return self._entries(query.order_by(E.c.business_day, E.c.entry_id).limit(limit))

    def with_sources(self, tenant: str, sources: Collection[str]) -> list[Entry]:
        query = select(E).where(E.c.tenant_id == tenant, E.c.source.in_(sorted(sources)))
        return self._entries(query.order_by(E.c.entry_id))

    def settlement_movements(self, tenant: str, currency: str, day: date) -> list[Movement]:
        kind = case(*((E.c.source.startswith(f"{name}/"), name) for name in KINDS), else_=OTHER)
        prefix = fiscal_payable("")
        found = []
        for account, sign in ((E.c.credit_account, 1), (E.c.debit_account, -1)):
            query = (
                select(account.label("account"), kind.label("kind"), func.count().label("number"),
                       func.sum(E.c.amount_minor).label("amount_minor"))
                .where(E.c.tenant_id == tenant, E.c.currency == currency, E.c.business_day == day,
                       account.startswith(prefix))
                .group_by("account", "kind").order_by("account", "kind")
            )
            found += [
                Movement(row.account.removeprefix(prefix), row.kind, row.number, sign * int(row.amount_minor))
                for row in self._session.execute(query)
            ]
        return found

    def _entries(self, query: Any) -> list[Entry]:
        return [
            Entry(tenant=row.tenant_id, **{name: getattr(row, name) for name in ENTRY_NAMES})
            for row in self._session.execute(query)
        ]


def _period(after: date | None, through: date | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if after is not None:
        conditions.append(E.c.business_day > after)
    if through is not None:
        conditions.append(E.c.business_day <= through)
    return conditions


def _balances(rows: Any) -> Mapping[tuple[str, str], Balance]:
    # int: PostgreSQL's sum of bigint is numeric.
    return {
        (row.account, row.currency): Balance(row.account, int(row.debit_minor), int(row.credit_minor)) for row in rows
    }
