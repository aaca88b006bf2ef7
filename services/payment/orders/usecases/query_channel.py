"""Query a channel for the state of a payment, and apply the answer."""
from __future__ import annotations

import logging
from datetime import datetime

from services.payment.channels.domain.channel import Notification, PaymentStatus
from services.payment.channels.domain.errors import ChannelRefused, ChannelUnavailable
from services.payment.channels.domain.ports import Channel, Channels
from services.payment.channels.usecases.known_channel import known_channel
from services.payment.orders.domain import states
from services.payment.orders.domain.backoff import next_attempt, next_retry
from services.payment.orders.domain.order import Order
from services.payment.orders.usecases.close_order import EndOrderTx, end_order
from services.payment.orders.usecases.find_order import locked_order
from services.payment.orders.usecases.given_up import log_given_up
from services.payment.orders.usecases.notifications import ApplyNotificationsTx, apply_notifications
from shared_components.kernel.errors import AppError
from shared_components.kernel.transactions import Transactions

log = logging.getLogger(__name__)

UNPAID = ("unpaid", "absent")


def query_channel(transactions: Transactions[ApplyNotificationsTx], channels: Channels, order: Order) -> bool:
    """Ask the channel and apply its answer; True when the answer is that it is not paid."""
    if order.channel in channels.circuit_open():
        return False  # it stays due, and loses no attempt
    status = _answer(known_channel(channels, str(order.channel)), order)
    with transactions.begin(order.tenant) as tx:
        now = tx.clock.now()
        if status is None and order.channel in channels.circuit_open():
            tx.orders.ask_now([order.order_id], now)  # the channel's failure and not this order's
            return False
        settled = status is not None and _take(tx, order, status, now)
        again = (next_retry if status is None else next_attempt)(order.query_attempts + 1, now=now)
        if not settled:
            log_given_up(log, again, "payment.order.given_up", order_id=order.order_id, channel=order.channel)
        tx.orders.ask_again_at(order.order_id, None if settled else again)
    return status is not None and status.state in UNPAID


def _answer(channel: Channel, order: Order) -> PaymentStatus | None:
    """None: nothing is known. An order that ended here is closed there too, so that nobody pays it any more."""
    try:
        status = channel.payment(order.order_id)
        if status.state == "unpaid" and order.state not in states.PAYABLE:
            channel.close(order.order_id)
            return PaymentStatus("failed")
    except (ChannelUnavailable, ChannelRefused):
        return None
    return status


def _take(tx: ApplyNotificationsTx, order: Order, status: PaymentStatus, now: datetime) -> bool:
    """Whether the channel has nothing more to say: it has decided, or the time to pay is over."""
    if status.state in UNPAID:
        return now >= order.expires_at
    if status.state == "failed":
        _fail(tx, order)
        return True
    (outcome,) = apply_notifications(tx, [_as_notification(order, status)])
    if isinstance(outcome, AppError):
        log.error("payment.answer.refused", extra={"order_id": order.order_id, "code": outcome.code})
        return False
    return True


def _fail(tx: EndOrderTx, order: Order) -> None:
    current = locked_order(tx, order.tenant, order.order_id)
    if states.FAILED in states.ORDER.targets(current.state):
        end_order(tx, current, states.FAILED)


def _as_notification(order: Order, status: PaymentStatus) -> Notification:
    """The answer to a question counts like a callback; its event id says so, and is the same each time."""
    trade_no = str(status.trade_no)
    return Notification(
        channel=str(order.channel),
        event_id=f"query/{order.order_id}/{trade_no}",
        kind="payment-succeeded",
        order_id=order.order_id,
        tenant=order.tenant,
        trade_no=trade_no,
        amount_minor=status.amount_minor,
        currency=status.currency,
    )
