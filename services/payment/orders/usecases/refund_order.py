"""Promise a refund: here, at once; the channel makes it later."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.payment.ledger.domain.ports import HasLedger
from services.payment.orders.domain import postings, states
from services.payment.orders.domain.errors import OrderNotRefundable, RefundAvailableChanged
from services.payment.orders.domain.order import Order
from services.payment.orders.domain.payment import ChannelPayment
from services.payment.orders.domain.ports import HasChannelPayments, HasOrders, HasRefunds
from services.payment.orders.domain.refund import TO_PAYER, Refund
from services.payment.orders.usecases import events, views
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import HasClock, HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


@dataclass(frozen=True, slots=True)
class RefundOrder:
    order_id: str
    amount_minor: int
    refund_available_minor: int
    reason: str


class RefundTx(HasChannelPayments, HasClock, HasEvents, HasLedger, HasOrders, HasRefunds, Protocol):
    """Ports that `refund_order` uses."""


def refund_order(tx: RefundTx, command: RefundOrder, context: CallContext) -> views.RefundView:
    """Promise the money: from here on it is not available to another refund."""
    at = tx.clock.now()
    order = tx.orders.lock_for(context, command.order_id)
    order.check_refundable(command.amount_minor, believed_available_minor=command.refund_available_minor)
    payment = tx.channel_payments.that_paid(order.order_id)
    if payment is None:
        raise OrderNotRefundable(Bilingual(
            f"order {order.order_id} has no payment on record; only a paid order can be refunded",
            f"订单 {order.order_id} 没有付款记录；只有已缴费的订单可以退款"))
    if not tx.orders.reserve_refund(order, command.amount_minor):
        raise RefundAvailableChanged(Bilingual(
            f"order {order.order_id} was refunded meanwhile; read it again",
            f"订单 {order.order_id} 在此期间已有退款；请重新查询"))
    refund = _refund(order, payment, command, at)
    tx.refunds.add([refund])
    tx.ledger.post([postings.refund_promised(order, refund, at)])
    events.emit_refund_requested(tx, refund, order)
    return views.refund(refund)


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
