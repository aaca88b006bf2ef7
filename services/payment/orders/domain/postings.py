"""Ledger entries of orders and refunds."""
from __future__ import annotations

from datetime import datetime

from services.payment.ledger.domain.ledger import REFUNDS_PAYABLE, SUSPENSE, Entry, channel_clearing, fiscal_payable
from services.payment.orders.domain.order import Order
from services.payment.orders.domain.refund import FROM_SUSPENSE, Refund
from shared_components.kernel.ids import new_id


def order_paid(order: Order, channel: str, at: datetime) -> Entry:
    return _entry(
        f"order-paid/{order.order_id}", channel_clearing(channel), fiscal_payable(order.collecting_unit),
        order, order.amount_minor, at,
    )


def late_money(order: Order, channel: str, trade_no: str, amount_minor: int, at: datetime) -> Entry:
    return _entry(f"late-money/{channel}/{trade_no}", channel_clearing(channel), SUSPENSE, order, amount_minor, at)


def refund_promised(order: Order, refund: Refund, at: datetime) -> Entry:
    return _refund_entry("refund-promised", _owner_account(order, refund), REFUNDS_PAYABLE, order, refund, at)


def refund_done(order: Order, refund: Refund, at: datetime) -> Entry:
    return _refund_entry("refund-done", REFUNDS_PAYABLE, channel_clearing(refund.channel), order, refund, at)


def refund_withdrawn(order: Order, refund: Refund, at: datetime) -> Entry:
    """The channel refused for good: what was promised goes back to where it came from."""
    return _refund_entry("refund-withdrawn", REFUNDS_PAYABLE, _owner_account(order, refund), order, refund, at)


def _owner_account(order: Order, refund: Refund) -> str:
    return SUSPENSE if refund.kind == FROM_SUSPENSE else fiscal_payable(order.collecting_unit)


def _refund_entry(what: str, debit: str, credit: str, order: Order, refund: Refund, at: datetime) -> Entry:
    source = f"{what}/{refund.refund_id}"
    return _entry(source, debit, credit, order, refund.amount_minor, at, refund_id=refund.refund_id)


def _entry(
    source: str, debit: str, credit: str, order: Order, amount_minor: int, at: datetime, refund_id: str | None = None
) -> Entry:
    return Entry(
        entry_id=new_id("led"),
        tenant=order.tenant,
        source=source,
        debit_account=debit,
        credit_account=credit,
        amount_minor=amount_minor,
        currency=order.currency,
        order_id=order.order_id,
        refund_id=refund_id,
        posted_at=at,
    )
