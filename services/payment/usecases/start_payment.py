"""Open a payment at a channel: the channel is called between two short transactions, never inside one."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from services.payment.domain import states
from services.payment.domain.backoff import next_attempt
from services.payment.domain.channel import Prepaid, PrepayRequest
from services.payment.domain.errors import OrderNotPayable
from services.payment.domain.order import Order
from services.payment.domain.ports import Channels, PaymentUnit, Units
from services.payment.usecases import recording
from services.payment.usecases.orders import locked_order, own_order

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call


def start_payment(units: Units, channels: Channels, call: Call) -> Mapping[str, Any]:
    """Started again on the same channel, it gives the same page; the order id is the merchant's number there."""
    tenant, order_id = call.context.tenant, call.data["order_id"]
    channel = channels.named(call.data["channel"])
    with units.begin(tenant) as unit:
        order = own_order(unit, call.context, order_id)
        order.check_payable(unit.clock.now())
        _check_channel(order, channel.name)
        unit.return_addresses.check(call.context.caller, call.data.get("return_url"))
    if order.pay_url is not None:
        return _view(order)
    prepaid = channel.prepay(_request(order, call))
    with units.begin(tenant) as unit:
        return _view(_pending(unit, tenant, order_id, channel.name, prepaid))


def _pending(unit: PaymentUnit, tenant: str, order_id: str, channel: str, prepaid: Prepaid) -> Order:
    """Meanwhile the order may have been started by a twin of this call, closed, or even paid."""
    order, now = locked_order(unit, tenant, order_id), unit.clock.now()
    if order.state == states.PENDING:
        _check_channel(order, channel)
        return order
    order.check_payable(now)
    unit.orders.mark_pending(order, channel=channel, pay_url=prepaid.pay_url, query_at=next_attempt(0, now=now))
    pending = replace(
        order, state=states.PENDING, channel=channel, pay_url=prepaid.pay_url, sequence=order.sequence + 1
    )
    recording.order_moved(unit, order, pending, now)
    return pending


def _check_channel(order: Order, channel: str) -> None:
    if order.channel is not None and order.channel != channel:
        raise OrderNotPayable(
            f"order {order.order_id} is being paid through {order.channel!r}; {channel!r} cannot be added",
            details={"state": order.state, "channel": order.channel},
        )


def _request(order: Order, call: Call) -> PrepayRequest:
    return PrepayRequest(
        order_id=order.order_id,
        amount_minor=order.amount_minor,
        currency=order.currency,
        description="、".join(line.name for line in order.lines),
        expires_at=order.expires_at,
        return_url=call.data.get("return_url") or order.return_url,
        attachment=order.tenant,
        payer_ip=call.data.get("payer_ip"),
    )


def _view(order: Order) -> Mapping[str, Any]:
    return {"order_id": order.order_id, "channel": order.channel, "pay_url": order.pay_url, "state": order.state}
