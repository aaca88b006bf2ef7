"""The ledger in the database: entries are added, balances are kept beside them."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.payment.common.adapters.sql import upsert_into
from services.payment.ledger.adapters.sql.books import closed_days
from services.payment.ledger.domain import ledger
from services.payment.ledger.domain.books import dated
from services.payment.ledger.domain.ledger import Balance, Entry
from services.payment.ledger.models import LedgerBalanceRow, LedgerEntryRow
from shared_components.db import insert_later, table_of

E = table_of(LedgerEntryRow)
B = table_of(LedgerBalanceRow)
NAMES = tuple(column.name for column in E.columns if column.name != "tenant_id")


class SqlLedger:
    def __init__(self, session: Session) -> None:
        self._session = session

    def post(self, entries: Sequence[Entry]) -> None:
        if entries:
            days = closed_days(self._session, {entry.tenant for entry in entries})
            self._add_to_balances(entries)
            insert_later(self._session, E, [_values(entry) for entry in dated(entries, days)])

    def balances(self, tenant: str, currency: str) -> list[Balance]:
        query = select(B).where(B.c.tenant_id == tenant, B.c.currency == currency).order_by(B.c.account)
        return [Balance(row.account, row.debit_minor, row.credit_minor) for row in self._session.execute(query)]

    def page(
        self, tenant: str, *, currency: str, account: str | None, order_id: str | None, after: str | None, limit: int
    ) -> list[Entry]:
        query = select(E).where(E.c.tenant_id == tenant, E.c.currency == currency)
        if account is not None:
            query = query.where(or_(E.c.debit_account == account, E.c.credit_account == account))
        if order_id is not None:
            query = query.where(E.c.order_id == order_id)
        if after is not None:
            query = query.where(E.c.entry_id > after)
        return [_entry(row) for row in self._session.execute(query.order_by(E.c.entry_id).limit(limit))]

    def _add_to_balances(self, entries: Sequence[Entry]) -> None:
        """One statement for the group, its rows in one order, so that groups queue and never deadlock."""
        sums = ledger.balances(entries)
        statement = upsert_into(self._session, B).values([
            {
                "tenant_id": tenant, "account": account, "currency": currency,
                "debit_minor": sums[key].debit_minor, "credit_minor": sums[key].credit_minor,
            }
            for key in sorted(sums)
            for tenant, account, currency in [key]
        ])
        self._session.execute(statement.on_conflict_do_update(
            index_elements=[B.c.tenant_id, B.c.account, B.c.currency],
            set_={
                "debit_minor": B.c.debit_minor + statement.excluded.debit_minor,
                "credit_minor": B.c.credit_minor + statement.excluded.credit_minor,
            },
        ))


def _values(entry: Entry) -> dict[str, Any]:
    return {"tenant_id": entry.tenant, **{name: getattr(entry, name) for name in NAMES}}


def _entry(row: Any) -> Entry:
    return Entry(tenant=row.tenant_id, **{name: getattr(row, name) for name in NAMES})
