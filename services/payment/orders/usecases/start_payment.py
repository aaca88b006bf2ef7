"""Open a payment at a channel: the channel is called between two short transactions, never inside one."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypedDict

from services.payment.channels.domain.channel import Prepaid, PrepayRequest
from services.payment.channels.domain.ports import Channels
from services.payment.orders.domain import states
from services.payment.orders.domain.backoff import next_attempt
from services.payment.orders.domain.errors import OrderNotPayable
from services.payment.orders.domain.order import Order
from services.payment.orders.domain.ports import HasOrders, HasReturnAddresses
from services.payment.orders.usecases import events
from services.payment.orders.usecases.find_order import own_order
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.transactions import HasClock, HasEvents, Transactions
from shared_components.security.authority.search import searched_tenant

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class StartedPaymentView(TypedDict):
    order_id: str
    channel: str | None
    pay_url: str | None
    state: str


@dataclass(frozen=True, slots=True)
class StartPayment:
    order_id: str
    channel: str = "sandbox"
    return_url: str | None = None
    payer_ip: str | None = None


class StartPaymentTx(HasClock, HasEvents, HasOrders, HasReturnAddresses, Protocol):
    """Ports that `start_payment` uses."""


def start_payment(
    transactions: Transactions[StartPaymentTx], channels: Channels, command: StartPayment, context: CallContext
) -> StartedPaymentView:
    """Started again on the same channel, it gives the same page; the order id is the merchant's number there."""
    tenant, order_id = searched_tenant(context), command.order_id
    channel = channels.named(command.channel)
    with transactions.begin(tenant) as tx:
        order = own_order(tx, context, order_id)
        order.check_payable(tx.clock.now())
        _check_channel(order, channel.name)
        tx.return_addresses.check(context.caller, command.return_url)
    if order.pay_url is not None:
        return _view(order)
    prepaid = channel.prepay(_request(order, command))
    with transactions.begin(tenant) as tx:
        return _view(_pending(tx, context, order_id, channel.name, prepaid))


def _pending(tx: StartPaymentTx, context: CallContext, order_id: str, channel: str, prepaid: Prepaid) -> Order:
    """Mark the order as pending, unless a twin of this call has started, closed or paid it since."""
    order, now = tx.orders.lock_for(context, order_id), tx.clock.now()
    if order.state == states.PENDING:
        _check_channel(order, channel)
        return order
    order.check_payable(now)
    tx.orders.mark_pending(order, channel=channel, pay_url=prepaid.pay_url, query_at=next_attempt(0, now=now))
    pending = replace(
        order, state=states.PENDING, channel=channel, pay_url=prepaid.pay_url, sequence=order.sequence + 1
    )
    events.emit_order_moved(tx, order, pending, now)
    return pending


def _check_channel(order: Order, channel: str) -> None:
    if order.channel is not None and order.channel != channel:
        raise OrderNotPayable(
            Bilingual(
                f"order {order.order_id} is being paid through {order.channel!r}; {channel!r} cannot be added",
                f"订单 {order.order_id} 正通过“{order.channel}”支付；不能再用“{channel}”"),
            details={"state": order.state, "channel": order.channel},
        )


def _request(order: Order, command: StartPayment) -> PrepayRequest:
    return PrepayRequest(
        order_id=order.order_id,
        amount_minor=order.amount_minor,
        currency=order.currency,
        description="、".join(line.name for line in order.lines),
        expires_at=order.expires_at,
        return_url=command.return_url or order.return_url,
        attachment=order.tenant,
        payer_ip=command.payer_ip,
    )


def _view(order: Order) -> StartedPaymentView:
    return {"order_id": order.order_id, "channel": order.channel, "pay_url": order.pay_url, "state": order.state}
