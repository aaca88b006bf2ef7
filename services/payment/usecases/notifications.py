"""Take a channel's word: verified, compared with the order, applied once, whatever order it comes in."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from services.payment.domain.channel import Notification, check_payment, check_texts
from services.payment.domain.order import Order
from services.payment.domain.ports import PaymentUnit
from services.payment.usecases.conclude_refund import check_refund
from services.payment.usecases.money_in import MoneyIn
from services.payment.usecases.orders import unknown
from shared_components.kernel.errors import AppError

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call


def apply_channel_notifications(unit: PaymentUnit, calls: Sequence[Call]) -> list[Any]:
    """A reply or an AppError for each call. The number of statements does not grow with the number of payments."""
    return apply_notifications(unit, [_read(unit, call) for call in calls])


def apply_notifications(unit: PaymentUnit, read: Sequence[Notification | AppError]) -> list[Any]:
    """read: authentic notifications, or why one is not."""
    read = _with_tenants(unit, [_storable(each) for each in read])
    genuine = [each for each in read if isinstance(each, Notification)]
    unit.admit({str(each.tenant) for each in genuine})
    orders = unit.orders.lock({each.order_id for each in genuine})
    judged = [each if isinstance(each, AppError) else _judge(unit, each, orders) for each in read]
    accepted = [each for each in judged if isinstance(each, Notification)]
    fresh = unit.channel_events.add_new(accepted, unit.clock.now())
    money_in = MoneyIn(unit, orders, accepted)
    replies: list[Any] = []
    for each in judged:
        if isinstance(each, AppError):
            replies.append(each)
            continue
        key = (each.channel, each.event_id)
        applied = key in fresh and money_in.take(each)
        fresh.discard(key)  # its twin in the same group is a duplicate too
        replies.append({"order_id": each.order_id, "applied": applied})
    money_in.write()
    return [each if isinstance(each, AppError) else _with_state(each, money_in.orders) for each in replies]


def _read(unit: PaymentUnit, call: Call) -> Notification | AppError:
    try:
        channel = unit.channels.named(call.data["channel"])
        return channel.read(call.data["headers"], call.data["body"], now=unit.clock.now())
    except AppError as error:
        return error


def _storable(read: Notification | AppError) -> Notification | AppError:
    try:
        if isinstance(read, Notification):
            check_texts(read)
    except AppError as error:
        return error
    return read


def _with_tenants(unit: PaymentUnit, read: Sequence[Notification | AppError]) -> list[Notification | AppError]:
    """A channel that gives our attachment back with payments may not do so with refunds: they are found by their id."""
    wanted = {
        str(each.refund_id) for each in read if isinstance(each, Notification) and each.tenant is None
    }
    tenants = unit.tenants_of_refunds(wanted)
    return [
        replace(each, tenant=tenants.get(str(each.refund_id), ""))
        if isinstance(each, Notification) and each.tenant is None else each
        for each in read
    ]


def _judge(unit: PaymentUnit, notification: Notification, orders: Mapping[str, Order]) -> Notification | AppError:
    order = orders.get(notification.order_id)
    if order is None:
        return unknown(notification.order_id)
    try:
        if notification.refund_id is None:
            check_payment(notification, order)
        else:
            check_refund(unit, notification)
    except AppError as error:
        return error
    return notification


def _with_state(reply: Mapping[str, Any], orders: Mapping[str, Order]) -> Mapping[str, Any]:
    return {**reply, "state": orders[reply["order_id"]].state}
