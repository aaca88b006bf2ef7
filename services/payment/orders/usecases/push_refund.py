"""Have the channel make a refund, asked until it answers."""
from __future__ import annotations

from services.payment.channels.domain.channel import RefundRequest, RefundStatus
from services.payment.channels.domain.errors import ChannelRefused, ChannelUnavailable
from services.payment.channels.domain.ports import Channel, Channels
from services.payment.channels.usecases.known_channel import known_channel
from services.payment.orders.domain import states
from services.payment.orders.domain.backoff import next_attempt, next_retry
from services.payment.orders.domain.ports import HasChannelPayments
from services.payment.orders.domain.refund import TO_PAYER, Refund
from services.payment.orders.usecases.conclude_refund import conclude
from services.payment.orders.usecases.find_order import locked_order
from services.payment.orders.usecases.get_refund import refund_of
from services.payment.orders.usecases.refund_order import RefundTx
from shared_components.kernel.transactions import Transactions


def push_refund(transactions: Transactions[RefundTx], channels: Channels, tenant: str, refund_id: str) -> None:
    """Have the channel make it, or ask what became of it; what stays open is asked again, later each time.

    Safe to run twice at once: the channel knows the refund by its id, and only one conclusion is stored.
    """
    with transactions.begin(tenant) as tx:
        refund = refund_of(tx, tenant, refund_id)
        if refund.channel in channels.circuit_open():
            return  # it stays due, and loses no attempt
        request = _request(tx, refund)
        submitted = refund.is_open and tx.refunds.submit(
            refund, next_attempt(refund.attempts, now=tx.clock.now())
        )
    if not submitted:
        return
    status = _ask(known_channel(channels, refund.channel), request, asked_before=refund.attempts > 0)
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
