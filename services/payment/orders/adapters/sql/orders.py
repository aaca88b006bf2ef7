"""Orders in the database."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Update, or_, select, update
from sqlalchemy.orm import Session

from services.payment.common.adapters.field_cipher import FieldCipher
from services.payment.common.adapters.owned import facts_by, kept_by, made_by, searched
from services.payment.common.adapters.sql import among, changed_rows
from services.payment.orders.adapters.sql.rows import (
    LINES,
    ORDERS,
    line_of,
    line_values,
    open_order,
    order_of,
    order_values,
)
from services.payment.orders.domain import states
from services.payment.orders.domain.errors import OrderUnknown
from services.payment.orders.domain.order import Order, OrderLine
from services.payment.orders.domain.ports import OrderFilter
from services.payment.orders.usecases.find_order import unknown
from shared_components.db import insert_later, update_each
from shared_components.db.load_many import ByKey, Columns, Lists, Reading, load_lists, load_many, open_found
from shared_components.db.subject_aliases import survivor_of
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.kernel.outcomes import attempt
from shared_components.security.authority.search import searched_tenant

T = ORDERS
NEXT = T.c.sequence + 1
SHOWN = select(*(column for column in T.columns if column.name != "payer_name"))
READING = Reading(facts_by("order_id"), open_order)
BY_ID = ByKey(T, "order_id", query=SHOWN, anywhere=True)


def _newest_first(asked: Columns) -> Select[Any]:
    query = SHOWN.where(*kept_by(T.c.tenant_id, asked), *made_by(T.c.app, asked))
    for name in ("state", "reference"):
        if name in asked:
            query = query.where(T.c[name] == asked[name])
    if "payer_subject" in asked:
        query = query.where(T.c.payer_subject == survivor_of(asked["payer_subject"]))
    if "holder" in asked:
        query = query.where(T.c.payer_subject == asked["holder"])
    if "before" in asked:
        query = query.where(T.c.order_id < asked["before"])
    return query.order_by(T.c.order_id.desc())


NEWEST_FIRST = Lists(_newest_first, holders=True)


class SqlOrders:
    def __init__(self, session: Session, cipher: FieldCipher) -> None:
        self._session = session
        self._cipher = cipher

    def add(self, orders: Sequence[Order]) -> None:
        insert_later(self._session, T, [order_values(order, self._cipher) for order in orders])
        insert_later(self._session, LINES, [line for order in orders for line in line_values(order)])

    def get(self, tenant: str, order_id: str) -> Order | None:
        row = self._session.execute(select(T).where(T.c.tenant_id == tenant, T.c.order_id == order_id)).first()
        if row is None:
            return None
        return order_of(row._mapping, self._lines([order_id]).get(order_id, ()), self._cipher)

    def several(self, tenant: str, order_ids: Collection[str]) -> list[Order]:
        if not order_ids:
            return []
        query = select(T).where(T.c.tenant_id == tenant, among(self._session, T.c.order_id, order_ids))
        return self._read(query.order_by(T.c.order_id), lines=True, cipher=self._cipher)

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Order | AppError]:
        found = load_many(self._session, BY_ID, asked, READING, OrderUnknown)
        whole = iter(self._with_lines([one for one in found if isinstance(one, Order)]))
        # The id that was asked for stands in the error.
        return [
            unknown(order_id) if isinstance(one, OrderUnknown) else one if isinstance(one, AppError) else next(whole)
            for (_, order_id), one in zip(asked, found, strict=True)
        ]

    def pages(self, asked: Sequence[tuple[CallContext, OrderFilter]]) -> list[list[Order]]:
        lists = load_lists(self._session, NEWEST_FIRST, [
            (context, {
                **searched(context), "state": wanted.state, "reference": wanted.reference,
                "payer_subject": wanted.payer_subject, "before": wanted.before,
            }, wanted.limit)
            for context, wanted in asked], READING)
        whole = iter(self._with_lines([order for orders in lists for order in orders]))
        return [[next(whole) for _ in orders] for orders in lists]

    def lock_for(self, context: CallContext, order_id: str) -> Order:
        query = SHOWN.where(T.c.tenant_id == searched_tenant(context), T.c.order_id == order_id).with_for_update()
        row = self._session.execute(query).first()
        return open_found(context, None if row is None else READING.seal(row), unknown(order_id))

    def lock_each(self, asked: Sequence[tuple[CallContext, str]]) -> list[Order | AppError]:
        wanted = among(self._session, T.c.order_id, {order_id for _, order_id in asked})
        # Ordered, as `lock` does it.
        rows = {row.order_id: row for row in self._session.execute(
            SHOWN.where(wanted).order_by(T.c.order_id).with_for_update())}
        return [attempt(self._opened, context, rows.get(order_id), order_id) for context, order_id in asked]

    @staticmethod
    def _opened(context: CallContext, row: Any, order_id: str) -> Order:
        if row is not None and row.tenant_id != searched_tenant(context):
            row = None
        return open_found(context, None if row is None else READING.seal(row), unknown(order_id))

    def lock(self, order_ids: Collection[str]) -> dict[str, Order]:
        if not order_ids:
            return {}
        # Ordered, so that two groups that share orders never wait for each other in a circle.
        query = select(T).where(among(self._session, T.c.order_id, order_ids)).order_by(T.c.order_id).with_for_update()
        return {order.order_id: order for order in self._read(query)}

    def mark_pending(self, orders: Sequence[Order], *, query_at: datetime) -> None:
        update_each(self._session, T, [
            {"order_id": order.order_id, "state": order.state, "channel": order.channel, "pay_url": order.pay_url,
             "query_at": query_at, "sequence": order.sequence} for order in orders], key=("order_id",))

    def mark_paid(self, order_ids: Collection[str], at: datetime) -> None:
        self._change_all(
            order_ids, states.PAYABLE, state=states.PAID, paid_minor=T.c.amount_minor, paid_at=at, query_at=None,
            sequence=NEXT,
        )

    def end(self, order_ids: Collection[str], state: str, at: datetime) -> None:
        self._change_all(order_ids, states.PAYABLE, state=state, ended_at=at, sequence=NEXT)

    def reserve_refund(self, order: Order, amount_minor: int) -> bool:
        available = T.c.paid_minor - T.c.refunded_minor - T.c.refund_pending_minor
        return self._change(
            _one(order).where(available == order.refund_available_minor, available >= amount_minor),
            refund_pending_minor=T.c.refund_pending_minor + amount_minor,
        )

    def settle_refund(self, order: Order, amount_minor: int, state: str) -> bool:
        return self._change(
            _one(order).where(T.c.refund_pending_minor >= amount_minor),
            state=state, sequence=NEXT, refunded_minor=T.c.refunded_minor + amount_minor,
            refund_pending_minor=T.c.refund_pending_minor - amount_minor,
        )

    def release_refund(self, order: Order, amount_minor: int) -> bool:
        return self._change(
            _one(order).where(T.c.refund_pending_minor >= amount_minor),
            refund_pending_minor=T.c.refund_pending_minor - amount_minor,
        )

    def expired(self, at: datetime, limit: int, *, circuit_open: Collection[str] = ()) -> list[Order]:
        # The state list is written as in the partial index, or the planner does not see that it fits.
        query = select(T).where(
            T.c.state.in_((states.CREATED, states.PENDING)), T.c.expires_at <= at,
            or_(T.c.query_at.is_(None), T.c.query_at <= at),
        )
        if circuit_open:
            query = query.where(or_(T.c.channel.is_(None), T.c.channel.not_in(sorted(circuit_open))))
        return self._read(query.order_by(T.c.expires_at).limit(limit))

    def unanswered(self, at: datetime, limit: int, *, circuit_open: Collection[str] = ()) -> list[Order]:
        query = select(T).where(T.c.query_at <= at, T.c.channel.is_not(None))
        if circuit_open:
            query = query.where(T.c.channel.not_in(sorted(circuit_open)))
        return self._read(query.order_by(T.c.query_at).limit(limit))

    def ask_now(self, order_ids: Collection[str], at: datetime) -> None:
        if order_ids:
            self._session.execute(update(T).where(among(self._session, T.c.order_id, order_ids)).values(query_at=at))

    def ask_again_at(self, order_id: str, at: datetime | None) -> None:
        self._session.execute(
            update(T).where(T.c.order_id == order_id).values(query_at=at, query_attempts=T.c.query_attempts + 1)
        )

    def _read(
        self, query: Select[Any], *, lines: bool = False, cipher: FieldCipher | None = None
    ) -> list[Order]:
        rows = [row._mapping for row in self._session.execute(query)]
        found = self._lines([row["order_id"] for row in rows]) if lines and rows else {}
        return [order_of(row, found.get(row["order_id"], ()), cipher) for row in rows]

    def _with_lines(self, orders: Sequence[Order]) -> list[Order]:
        lines = self._lines([order.order_id for order in orders]) if orders else {}
        return [replace(order, lines=lines.get(order.order_id, ())) for order in orders]

    def _lines(self, order_ids: Sequence[str]) -> Mapping[str, Sequence[OrderLine]]:
        wanted = among(self._session, LINES.c.order_id, order_ids)
        query = select(LINES).where(wanted).order_by(LINES.c.order_id, LINES.c.line_no)
        lines: dict[str, list[OrderLine]] = {}
        for row in self._session.execute(query):
            lines.setdefault(row.order_id, []).append(line_of(row._mapping))
        return lines

    def _change(self, statement: Update, **values: Any) -> bool:
        return changed_rows(self._session, statement.values(values)) == 1

    def _change_all(self, order_ids: Collection[str], sources: Collection[str], **values: Any) -> None:
        if not order_ids:
            return
        statement = update(T).where(among(self._session, T.c.order_id, order_ids), T.c.state.in_(sorted(sources)))
        changed = changed_rows(self._session, statement.values(values))
        if changed != len(set(order_ids)):
            raise RuntimeError(f"{changed} of {len(set(order_ids))} orders changed; locked orders change all together")


def _one(order: Order) -> Update:
    return update(T).where(T.c.order_id == order.order_id)
