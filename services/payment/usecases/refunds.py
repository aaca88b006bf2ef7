"""Promise a refund (here, at once) and have the channel make it (later, asked until it answers)."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from services.payment.channels.domain.channel import RefundRequest, RefundStatus
from services.payment.channels.domain.errors import ChannelRefused, ChannelUnavailable
from services.payment.channels.domain.ports import Channel, Channels
from services.payment.domain import states
from services.payment.domain.backoff import next_attempt, next_retry
from services.payment.domain.errors import OrderNotRefundable, RefundAvailableChanged, RefundUnknown
from services.payment.domain.order import Order
from services.payment.domain.payment import ChannelPayment
from services.payment.domain.ports import HasChannelPayments, HasOrders, HasRefunds
from services.payment.domain.refund import TO_PAYER, Refund
from services.payment.ledger.domain.ports import HasLedger
from services.payment.orders.domain import postings
from services.payment.usecases import events, views
from services.payment.usecases.conclude_refund import conclude
from services.payment.usecases.orders import locked_order, locked_own_order, order_of
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import HasClock, HasEvents, Transactions

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True)
class RefundOrder:
    order_id: str
    amount_minor: int
    refund_available_minor: int
    reason: str


@dataclass(frozen=True, slots=True)
class GetRefund:
    refund_id: str


class RefundTx(HasChannelPayments, HasClock, HasEvents, HasLedger, HasOrders, HasRefunds, Protocol):
    """Ports that `refund_order` uses."""


class GetRefundTx(HasOrders, HasRefunds, Protocol):
    """Ports that `get_refund` uses."""


def refund_order(tx: RefundTx, command: RefundOrder, context: CallContext) -> Mapping[str, Any]:
    """Promise the money: from here on it is not available to another refund."""
    at = tx.clock.now()
    order = locked_own_order(tx, context, command.order_id)
    order.check_refundable(command.amount_minor, believed_available_minor=command.refund_available_minor)
    payment = tx.channel_payments.that_paid(order.order_id)
    if payment is None:
        raise OrderNotRefundable(f"order {order.order_id} has no payment on record; only a paid order can be refunded")
    if not tx.orders.reserve_refund(order, command.amount_minor):
        raise RefundAvailableChanged(f"order {order.order_id} was refunded meanwhile; read it again")
    refund = _refund(order, payment, command, at)
    tx.refunds.add([refund])
    tx.ledger.post([postings.refund_promised(order, refund, at)])
    events.emit_refund_requested(tx, refund, order)
    return views.refund(refund)


def get_refund(tx: GetRefundTx, command: GetRefund, context: CallContext) -> Mapping[str, Any]:
    refund_id = command.refund_id
    refund = _refund_of(tx, context.tenant, refund_id)
    if not context.reaches(order_of(tx, context.tenant, refund.order_id).app):
        raise _unknown(refund_id)
    return views.refund(refund)


def push_refund(transactions: Transactions[RefundTx], channels: Channels, tenant: str, refund_id: str) -> None:
    """Have the channel make it, or ask what became of it; what stays open is asked again, later each time.

    Safe to run twice at once: the channel knows the refund by its id, and only one conclusion is stored.
    """
    with transactions.begin(tenant) as tx:
        refund = _refund_of(tx, tenant, refund_id)
        if refund.channel in channels.circuit_open():
            return  # it stays due, and loses no attempt
        request = _request(tx, refund)
        submitted = refund.is_open and tx.refunds.submit(
            refund, next_attempt(refund.attempts, now=tx.clock.now())
        )
    if not submitted:
        return
    status = _ask(channels.named(refund.channel), request, asked_before=refund.attempts > 0)
    if status is None:
        _try_again(transactions, channels, refund)
    if status is None or status.state not in ("succeeded", "failed"):
        return
    with transactions.begin(tenant) as tx:
        _conclude(tx, refund, status)


def _try_again(transactions: Transactions[RefundTx], channels: Channels, refund: Refund) -> None:
    """At once when the channel answers again, if it is the channel that fails and not this refund."""
    with transactions.begin(refund.tenant) as tx:
        now = tx.clock.now()
        is_circuit_open = refund.channel in channels.circuit_open()
        tx.refunds.ask_at([refund.refund_id], now if is_circuit_open else next_retry(refund.attempts, now=now))


def _ask(channel: Channel, request: RefundRequest, *, asked_before: bool) -> RefundStatus | None:
    """None: no answer, so nothing is known; it may well be done."""
    try:
        if asked_before:
            status = channel.refund_status(request)
            if status.state != "absent":
                return status
        return channel.refund(request)
    except ChannelUnavailable:
        return None
    except ChannelRefused as refusal:
        return RefundStatus("failed", failure=str(refusal.details.get("channel_code", "refused")))


def _conclude(tx: RefundTx, refund: Refund, status: RefundStatus) -> None:
    order = locked_order(tx, refund.tenant, refund.order_id)
    state = states.SUCCEEDED if status.state == "succeeded" else states.REFUSED
    concluded = conclude(tx, order, refund.refund_id, state, failure=status.failure, at=tx.clock.now())
    if concluded is not None:
        tx.ledger.post([concluded[1]])


def _refund(order: Order, payment: ChannelPayment, command: RefundOrder, at: datetime) -> Refund:
    return Refund(
        refund_id=new_id("ref"),
        tenant=order.tenant,
        order_id=order.order_id,
        kind=TO_PAYER,
        state=states.REFUND.initial,
        amount_minor=command.amount_minor,
        currency=order.currency,
        reason=command.reason,
        channel=payment.channel,
        trade_no=payment.trade_no,
        created_at=at,
        next_attempt_at=at,
    )


def _refund_of(tx: HasRefunds, tenant: str, refund_id: str) -> Refund:
    refund = tx.refunds.get(tenant, refund_id)
    if refund is None:
        raise _unknown(refund_id)
    return refund


def _unknown(refund_id: str) -> RefundUnknown:
    return RefundUnknown(f"refund {refund_id!r} does not exist; refund_order gives the ids that do")


def _request(tx: HasChannelPayments, refund: Refund) -> RefundRequest:
    # Money in suspense goes back whole; what paid the order is on record.
    paid = tx.channel_payments.that_paid(refund.order_id) if refund.kind == TO_PAYER else None
    return RefundRequest(
        refund_id=refund.refund_id,
        order_id=refund.order_id,
        trade_no=refund.trade_no,
        amount_minor=refund.amount_minor,
        currency=refund.currency,
        reason=refund.reason,
        paid_minor=refund.amount_minor if paid is None else paid.amount_minor,
    )
