"""Records of channels: their notifications and the money they took, each once."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from services.payment.channels.domain.channel import Notification
from services.payment.common.adapters.sql import among
from services.payment.orders.domain.payment import SETTLED, ChannelPayment
from services.payment.orders.models import ChannelEventRow, ChannelPaymentRow
from shared_components.db import insert_later, insert_new, table_of

P = table_of(ChannelPaymentRow)
E = table_of(ChannelEventRow)
NAMES = tuple(column.name for column in P.columns if column.name != "tenant_id")


class SqlChannelPayments:
    def __init__(self, session: Session) -> None:
        self._session = session

    def known(self, trades: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        if not trades:
            return set()
        return {(row.channel, row.trade_no) for row in self._session.execute(of_trades(self._session, trades))}

    def add(self, payments: Sequence[ChannelPayment]) -> None:
        insert_later(self._session, P, [_payment_values(payment) for payment in payments])

    def that_paid(self, order_id: str) -> ChannelPayment | None:
        query = select(P).where(P.c.order_id == order_id, P.c.disposition == SETTLED)
        row = self._session.execute(query).first()
        if row is None:
            return None
        return ChannelPayment(tenant=row.tenant_id, **{name: getattr(row, name) for name in NAMES})


class SqlChannelEvents:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add_new(self, notifications: Sequence[Notification], at: datetime) -> set[tuple[str, str]]:
        # Sorted, so that groups with the same notifications wait for each other in one order.
        rows = {(each.channel, each.event_id): _event_values(each, at) for each in notifications}
        new = insert_new(self._session, E, [rows[key] for key in sorted(rows)])
        return {(channel, event_id) for channel, event_id in new}


def of_trades(session: Session, trades: Collection[tuple[str, str]]) -> Select[tuple[str, str]]:
    """A condition for each channel: over pairs PostgreSQL looks up the channel alone, and reads all it ever paid."""
    by_channel: dict[str, list[str]] = {}
    for channel, trade_no in sorted(trades):
        by_channel.setdefault(channel, []).append(trade_no)
    return select(P.c.channel, P.c.trade_no).where(or_(*(
        and_(P.c.channel == channel, among(session, P.c.trade_no, numbers)) for channel, numbers in by_channel.items()
    )))


def _payment_values(payment: ChannelPayment) -> dict[str, Any]:
    return {"tenant_id": payment.tenant, **{name: getattr(payment, name) for name in NAMES}}


def _event_values(notification: Notification, at: datetime) -> dict[str, Any]:
    return {
        "channel": notification.channel,
        "event_id": notification.event_id,
        "tenant_id": notification.tenant,
        "order_id": notification.order_id,
        "kind": notification.kind,
        "received_at": at,
    }
