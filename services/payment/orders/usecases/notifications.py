"""Take a channel's word: verified, compared with the order, applied once, whatever order it comes in."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypedDict

from services.payment.channels.domain.channel import Notification, check_texts
from services.payment.channels.domain.ports import HasChannels
from services.payment.channels.usecases.known_channel import known_channel
from services.payment.ledger.domain.ports import HasLedger
from services.payment.orders.domain.notified_payment import check_payment
from services.payment.orders.domain.order import Order
from services.payment.orders.domain.ports import (
    AdmitsTenants,
    HasChannelEvents,
    HasChannelPayments,
    HasOrders,
    HasRefunds,
)
from services.payment.orders.usecases.conclude_refund import check_refund
from services.payment.orders.usecases.find_order import unknown
from services.payment.orders.usecases.settle_payments import PaymentSettlement
from shared_components.kernel.errors import AppError
from shared_components.kernel.transactions import HasClock, HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call


class AppliedView(TypedDict):
    """applied: whether it changed anything; state: the order's after all of the group."""

    order_id: str
    applied: bool
    state: str


@dataclass(frozen=True, slots=True)
class ApplyChannelNotification:
    channel: str
    headers: Mapping[str, str]
    body: str


class ApplyNotificationsTx(
    AdmitsTenants, HasChannelEvents, HasChannelPayments, HasClock, HasEvents, HasLedger, HasOrders, HasRefunds, Protocol
):
    """Ports that `apply_notifications` uses."""


class ApplyChannelNotificationsTx(
    AdmitsTenants,
    HasChannelEvents,
    HasChannelPayments,
    HasChannels,
    HasClock,
    HasEvents,
    HasLedger,
    HasOrders,
    HasRefunds,
    Protocol,
):
    """Ports that `apply_channel_notifications` uses."""


def apply_channel_notifications(
    tx: ApplyChannelNotificationsTx, calls: Sequence[Call[ApplyChannelNotification]]
) -> list[AppliedView | AppError]:
    """A reply or an AppError for each call. The number of statements does not grow with the number of payments."""
    return apply_notifications(tx, [_read(tx, call) for call in calls])


def apply_notifications(
    tx: ApplyNotificationsTx, read: Sequence[Notification | AppError]
) -> list[AppliedView | AppError]:
    """read: authentic notifications, or why one is not."""
    read = _with_tenants(tx, [_storable(each) for each in read])
    genuine = [each for each in read if isinstance(each, Notification)]
    tx.admit({str(each.tenant) for each in genuine})
    orders = tx.orders.lock({each.order_id for each in genuine})
    judged = [each if isinstance(each, AppError) else _judge(tx, each, orders) for each in read]
    accepted = [each for each in judged if isinstance(each, Notification)]
    fresh = tx.channel_events.add_new(accepted, tx.clock.now())
    settlement = PaymentSettlement(tx, orders, accepted)
    outcomes: list[AppError | tuple[str, bool]] = []  # an order's id, and whether it changed anything
    for each in judged:
        if isinstance(each, AppError):
            outcomes.append(each)
            continue
        key = (each.channel, each.event_id)
        applied = key in fresh and settlement.take(each)
        fresh.discard(key)  # its twin in the same group is a duplicate too
        outcomes.append((each.order_id, applied))
    settlement.write()
    return [each if isinstance(each, AppError) else _applied(*each, settlement.orders) for each in outcomes]


def _read(tx: ApplyChannelNotificationsTx, call: Call[ApplyChannelNotification]) -> Notification | AppError:
    try:
        channel = known_channel(tx.channels, call.data.channel)
        return channel.read(call.data.headers, call.data.body, now=tx.clock.now())
    except AppError as error:
        return error


def _storable(read: Notification | AppError) -> Notification | AppError:
    try:
        if isinstance(read, Notification):
            check_texts(read)
    except AppError as error:
        return error
    return read


def _with_tenants(tx: ApplyNotificationsTx, read: Sequence[Notification | AppError]) -> list[Notification | AppError]:
    """A channel that gives our attachment back with payments may not do so with refunds: they are found by their id."""
    wanted = {
        str(each.refund_id) for each in read if isinstance(each, Notification) and each.tenant is None
    }
    tenants = tx.tenants_of_refunds(wanted)
    return [
        replace(each, tenant=tenants.get(str(each.refund_id), ""))
        if isinstance(each, Notification) and each.tenant is None else each
        for each in read
    ]


def _judge(tx: HasRefunds, notification: Notification, orders: Mapping[str, Order]) -> Notification | AppError:
    order = orders.get(notification.order_id)
    if order is None:
        return unknown(notification.order_id)
    try:
        if notification.refund_id is None:
            check_payment(notification, order)
        else:
            check_refund(tx, notification)
    except AppError as error:
        return error
    return notification


def _applied(order_id: str, applied: bool, orders: Mapping[str, Order]) -> AppliedView:
    return {"order_id": order_id, "applied": applied, "state": orders[order_id].state}
