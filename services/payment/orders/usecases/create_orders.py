"""Make orders, a whole group in a handful of statements."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from services.payment.common.domain.business_day import business_day
from services.payment.fees.domain.fee_item import FeeItem
from services.payment.fees.domain.ports import HasFeeItems
from services.payment.orders.domain import states
from services.payment.orders.domain.order import USUAL_LIFE_S, Order, OrderLine
from services.payment.orders.domain.ports import HasOrders, HasPayCodes, HasReturnAddresses
from services.payment.orders.domain.pricing import WantedLine, price_lines
from services.payment.orders.usecases import events, views
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id
from shared_components.kernel.names import clean_name
from shared_components.kernel.transactions import HasClock, HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

Priced = tuple[FeeItem, list[OrderLine], str]
"""The fee item that the order is of, its lines, and the payer's name in its one spelling."""


@dataclass(frozen=True, slots=True)
class CreateOrder:
    payer_name: str
    lines: Sequence[WantedLine]
    payer_subject: str | None = None
    return_url: str | None = None
    reference: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    expires_in_s: int = USUAL_LIFE_S
    app: str | None = None


class CreateOrdersTx(HasClock, HasEvents, HasFeeItems, HasOrders, HasPayCodes, HasReturnAddresses, Protocol):
    """Ports that `create_orders` uses."""


def create_orders(tx: CreateOrdersTx, calls: Sequence[Call[CreateOrder]]) -> list[views.OrderView | AppError]:
    """A reply or an AppError for each call, in order; a bad one does not touch its neighbours."""
    at = tx.clock.now()
    priced = _price_all(tx, calls, at)
    good = [(call, price) for call, price in zip(calls, priced, strict=True) if not isinstance(price, AppError)]
    year = business_day(at).year  # the year in a 缴款码 is the year in China
    codes = tx.pay_codes.take([(item.division, year) for _, (item, *_) in good])
    orders = [_order(call, price, code, at) for (call, price), code in zip(good, codes, strict=True)]
    tx.orders.add(orders)
    for order in orders:
        events.emit_order_created(tx, order)
    made = iter(orders)
    return [price if isinstance(price, AppError) else views.order(next(made)) for price in priced]


def _price_all(tx: CreateOrdersTx, calls: Sequence[Call[CreateOrder]], at: datetime) -> list[Priced | AppError]:
    wanted = {(call.context.tenant, line.item_code) for call in calls for line in call.data.lines}
    items = tx.fee_items.in_force(wanted, at)
    return [_price(tx, call, items, business_day(at)) for call in calls]


def _price(
    tx: HasReturnAddresses, call: Call[CreateOrder], items: Mapping[tuple[str, str], FeeItem], today: date
) -> Priced | AppError:
    try:
        call.context.maker(call.data.app)
        tx.return_addresses.check(call.context.caller, call.data.return_url)
        payer_name = clean_name(call.data.payer_name, field="payer_name")
        return *price_lines(call.data.lines, items, tenant=call.context.tenant, today=today), payer_name
    except AppError as error:
        return error


def _order(call: Call[CreateOrder], price: Priced, pay_code: str, at: datetime) -> Order:
    item, lines, payer_name = price
    data = call.data
    return Order(
        order_id=new_id("pay"),
        tenant=call.context.tenant,
        app=call.context.maker(data.app),
        state=states.ORDER.initial,
        amount_minor=sum(line.amount_minor for line in lines),
        currency=item.currency,
        pay_code=pay_code,
        collecting_unit=item.collecting_unit,
        division=item.division,
        payer_subject=data.payer_subject,
        payer_name=payer_name,
        reference=data.reference,
        return_url=data.return_url,
        created_at=at,
        expires_at=at + timedelta(seconds=data.expires_in_s),
        metadata=data.metadata,
        lines=lines,
    )
