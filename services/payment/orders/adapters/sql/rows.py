"""Orders as rows and back. The payer's name is encrypted, bound to its order."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping

from services.payment.common.adapters.field_cipher import FieldCipher
from services.payment.orders.domain.order import Order, OrderLine
from services.payment.orders.models import OrderLineRow, OrderRow
from shared_components.db import table_of

ORDERS = table_of(OrderRow)
LINES = table_of(OrderLineRow)
PLAIN = (
    "order_id", "app", "state", "amount_minor", "currency", "pay_code", "collecting_unit", "division",
    "payer_subject", "reference", "return_url", "metadata", "created_at", "expires_at", "paid_at", "paid_minor",
    "refunded_minor", "refund_pending_minor", "channel", "pay_url", "query_attempts", "sequence",
)
LINE_PLAIN = (
    "item_code", "item_version", "name", "unit", "quantity", "price_minor", "amount_minor", "limit_date",
    "overdue_days",
)


def order_values(order: Order, cipher: FieldCipher) -> dict[str, Any]:
    values = {name: getattr(order, name) for name in PLAIN}
    values["tenant_id"] = order.tenant
    values["payer_name"] = cipher.encrypt(order.payer_name or "", aad=_payer_name_of(order.order_id))
    return values


def line_values(order: Order) -> list[dict[str, Any]]:
    return [
        {
            "order_id": order.order_id, "line_no": number, "tenant_id": order.tenant,
            **{name: getattr(line, name) for name in LINE_PLAIN},
        }
        for number, line in enumerate(order.lines, 1)
    ]


def order_of(row: RowMapping, lines: Sequence[OrderLine] = (), cipher: FieldCipher | None = None) -> Order:
    """cipher: given where the payer's name is wanted."""
    name = None
    if cipher is not None:
        name = cipher.decrypt(row["payer_name"], aad=_payer_name_of(row["order_id"]))
    return Order(tenant=row["tenant_id"], payer_name=name, lines=lines, **{name: row[name] for name in PLAIN})


def open_order(row: Any) -> Order:
    """Read an order for a call: without its lines, and without the payer's name, which no reply shows."""
    return order_of(row._mapping)


def line_of(row: RowMapping) -> OrderLine:
    return OrderLine(**{name: row[name] for name in LINE_PLAIN})


def _payer_name_of(order_id: str) -> str:
    return f"{order_id}/payer_name"
