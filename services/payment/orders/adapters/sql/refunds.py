"""Refunds in the database."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.payment.common.adapters.owned import facts_by
from services.payment.common.adapters.sql import changed_rows
from services.payment.orders.adapters.sql.rows import ORDERS
from services.payment.orders.domain import states
from services.payment.orders.domain.errors import RefundUnknown
from services.payment.orders.domain.refund import Refund
from services.payment.orders.models import RefundRow
from services.payment.orders.usecases.get_refund import unknown
from shared_components.db import insert_later, table_of
from shared_components.db.load_many import ByKey, Reading, load_many
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError

T = table_of(RefundRow)
NAMES = tuple(column.name for column in T.columns if column.name != "tenant_id")
OPEN = (states.REQUESTED, states.SUBMITTED)
# A refund is its order's: of the order's app, and about its payer.
OF_ORDERS = select(T, ORDERS.c.app, ORDERS.c.payer_subject).join_from(T, ORDERS, T.c.order_id == ORDERS.c.order_id)
BY_ID = ByKey(T, "refund_id", query=OF_ORDERS, anywhere=True)


class SqlRefunds:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, refunds: Sequence[Refund]) -> None:
        insert_later(self._session, T, [_values(refund) for refund in refunds])

    def get(self, tenant: str, refund_id: str) -> Refund | None:
        row = self._session.execute(select(T).where(T.c.tenant_id == tenant, T.c.refund_id == refund_id)).first()
        return None if row is None else _refund(row)

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Refund | AppError]:
        found = load_many(self._session, BY_ID, asked, READING, RefundUnknown)
        # The id that was asked for stands in the error.
        return [unknown(refund_id) if isinstance(one, RefundUnknown) else one
                for (_, refund_id), one in zip(asked, found, strict=True)]

    def lock(self, refund_id: str) -> Refund | None:
        row = self._session.execute(select(T).where(T.c.refund_id == refund_id).with_for_update()).first()
        return None if row is None else _refund(row)

    def submit(self, refund: Refund, next_attempt_at: datetime) -> bool:
        return self._change(
            refund, state=states.SUBMITTED, next_attempt_at=next_attempt_at, attempts=T.c.attempts + 1
        )

    def conclude(self, refund: Refund, state: str, *, at: datetime, failure: str | None) -> bool:
        return self._change(refund, state=state, completed_at=at, failure=failure)

    def due(self, at: datetime, limit: int, *, circuit_open: Collection[str] = ()) -> list[Refund]:
        query = select(T).where(T.c.state.in_(OPEN), T.c.next_attempt_at <= at)
        if circuit_open:
            query = query.where(T.c.channel.not_in(sorted(circuit_open)))
        return [_refund(row) for row in self._session.execute(query.order_by(T.c.next_attempt_at).limit(limit))]

    def ask_at(self, refund_ids: Collection[str], at: datetime) -> None:
        if refund_ids:
            self._session.execute(
                update(T).where(T.c.refund_id.in_(sorted(refund_ids)), T.c.state.in_(OPEN)).values(next_attempt_at=at)
            )

    def _change(self, refund: Refund, **values: Any) -> bool:
        still_open = (T.c.refund_id == refund.refund_id, T.c.state.in_(OPEN))
        return changed_rows(self._session, update(T).where(*still_open).values(values)) == 1


def _values(refund: Refund) -> dict[str, Any]:
    return {"tenant_id": refund.tenant, **{name: getattr(refund, name) for name in NAMES}}


def _refund(row: Any) -> Refund:
    return Refund(tenant=row.tenant_id, **{name: getattr(row, name) for name in NAMES})


READING = Reading(facts_by("refund_id"), _refund)
