"""What time does: ask channels that stay silent, expire orders, push refunds on. Small batches, oldest first."""
from __future__ import annotations

import logging
from datetime import datetime

from services.payment.domain import states
from services.payment.domain.backoff import NEVER, next_attempt, next_retry
from services.payment.domain.channel import Notification, PaymentStatus
from services.payment.domain.errors import ChannelRefused, ChannelUnavailable
from services.payment.domain.order import Order
from services.payment.domain.ports import Channel, Channels, PaymentUnit, Units
from services.payment.domain.refund import Refund
from services.payment.usecases.failures import log_failure
from services.payment.usecases.notifications import apply_notifications
from services.payment.usecases.orders import end_order, locked_order
from services.payment.usecases.refunds import push_refund
from shared_components.kernel.errors import AppError

log = logging.getLogger(__name__)

BATCH = 100
# After a channel's failure much is due at once; a batch a sweep would make it wait for the clock.
MOST_BATCHES = 10
UNPAID = ("unpaid", "absent")


def query_unanswered(units: Units, channels: Channels) -> None:
    """A callback that never came: the channel is asked, at growing intervals."""
    for _ in range(MOST_BATCHES):
        with units.begin() as unit:
            orders = unit.orders.unanswered(unit.clock.now(), BATCH, silent=channels.silent())
        for order in orders:
            try:
                ask_about(units, channels, order)
            except Exception as error:
                _put_off(units, order, error)
        if len(orders) < BATCH:
            return


def expire_orders(units: Units, channels: Channels) -> None:
    """An order that a channel was told of expires only once the channel has said that it is not paid."""
    with units.begin() as unit:
        orders = unit.orders.expired(unit.clock.now(), BATCH, silent=channels.silent())
    for order in orders:
        try:
            if order.channel is None or ask_about(units, channels, order):
                _expire(units, order)
        except Exception as error:
            _put_off(units, order, error)


def push_refunds(units: Units, channels: Channels) -> None:
    """Whatever became of the event that asked for them, open refunds get on."""
    for _ in range(MOST_BATCHES):
        with units.begin() as unit:
            refunds = unit.refunds.due(unit.clock.now(), BATCH, silent=channels.silent())
        for refund in refunds:
            try:
                push_refund(units, channels, refund.tenant, refund.refund_id)
            except Exception as error:
                _put_off_refund(units, refund, error)
        if len(refunds) < BATCH:
            return


def ask_about(units: Units, channels: Channels, order: Order) -> bool:
    """Ask the channel and apply its answer; True when the answer is that it is not paid."""
    if order.channel in channels.silent():
        return False  # it stays due, and loses no attempt
    status = _answer(channels.named(str(order.channel)), order)
    with units.begin(order.tenant) as unit:
        now = unit.clock.now()
        if status is None and order.channel in channels.silent():
            unit.orders.ask_now([order.order_id], now)  # the channel's failure and not this order's
            return False
        settled = status is not None and _take(unit, order, status, now)
        again = (next_retry if status is None else next_attempt)(order.query_attempts + 1, now=now)
        if not settled:
            _tell_given_up(again, "payment.order.given_up", order_id=order.order_id, channel=order.channel)
        unit.orders.ask_again_at(order.order_id, None if settled else again)
    return status is not None and status.state in UNPAID


def _put_off(units: Units, order: Order, error: Exception) -> None:
    """What one order fails of (its channel's settings are gone, say) holds up no other: it comes again, later."""
    log_failure(log, "payment.order.put_off", error, order_id=order.order_id, channel=order.channel)
    with units.begin(order.tenant) as unit:
        again = next_retry(order.query_attempts + 1, now=unit.clock.now())
        unit.orders.ask_again_at(order.order_id, again)
    _tell_given_up(again, "payment.order.given_up", order_id=order.order_id, channel=order.channel)


def _put_off_refund(units: Units, refund: Refund, error: Exception) -> None:
    log_failure(log, "payment.refund.put_off", error, refund_id=refund.refund_id, channel=refund.channel)
    with units.begin(refund.tenant) as unit:
        again = next_retry(refund.attempts, now=unit.clock.now())
        unit.refunds.ask_at([refund.refund_id], again)
    _tell_given_up(again, "payment.refund.given_up", refund_id=refund.refund_id, channel=refund.channel)


def _tell_given_up(again: datetime, event: str, **facts: object) -> None:
    """Asking has come to its maximum: only people, a callback or a statement settle it now."""
    if again == NEVER:
        log.error(event, extra=facts)


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


def _take(unit: PaymentUnit, order: Order, status: PaymentStatus, now: datetime) -> bool:
    """Whether the channel has nothing more to say: it has decided, or the time to pay is over."""
    if status.state in UNPAID:
        return now >= order.expires_at
    if status.state == "failed":
        _fail(unit, order)
        return True
    (outcome,) = apply_notifications(unit, [_as_notification(order, status)])
    if isinstance(outcome, AppError):
        log.error("payment.answer.refused", extra={"order_id": order.order_id, "code": outcome.code})
        return False
    return True


def _fail(unit: PaymentUnit, order: Order) -> None:
    current = locked_order(unit, order.tenant, order.order_id)
    if states.FAILED in states.ORDER.targets(current.state):
        end_order(unit, current, states.FAILED)


def _expire(units: Units, order: Order) -> None:
    with units.begin(order.tenant) as unit:
        current = locked_order(unit, order.tenant, order.order_id)
        if current.state in states.PAYABLE:
            end_order(unit, current, states.EXPIRED)


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
