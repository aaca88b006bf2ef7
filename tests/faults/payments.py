"""A payment from order to money, without a channel's server: the laboratory signs the channel's word itself."""
from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from shared_components.bus import BusClient
from shared_components.security.request_signing import sign
from tests.faults.account import Operation
from tests.faults.world import MERCHANT, SECRET, World

FEE_ITEM: dict[str, Any] = {
    "item_code": "card-fee", "name": "工本费", "collecting_unit": "1133010600000030X3", "unit": "张",
    "price_minor": 1000, "currency": "CNY", "division": "420100",
}  # fmt: skip


def prepare(client: BusClient) -> None:
    client.payment.put_fee_item(**FEE_ITEM, timeout_s=30)


def pay(client: BusClient, operation: Operation, timeout_s: float, *, tenant: str = "default") -> Mapping[str, Any]:
    """Order and pay; asked again for the same operation, it is the same payment. tenant: the client's."""
    half_s = timeout_s / 2
    order = client.payment.create_order(
        payer_name="测试人", lines=[{"item_code": FEE_ITEM["item_code"], "quantity": 1}], reference=operation.key,
        op_id=operation.op_id, timeout_s=half_s)  # fmt: skip
    paid = confirm(client, operation.key, order["order_id"], half_s, tenant=tenant)
    return {"order_id": order["order_id"], "state": paid["state"], "applied": paid["applied"]}


def confirm(client: BusClient, key: str, order_id: str, timeout_s: float, *, tenant: str) -> Mapping[str, Any]:
    """The channel says that an order was paid."""
    return _tell(client, _word(key, order_id, tenant), f"paid:op-{key}", timeout_s)


def refund(
    client: BusClient, operation: Operation, order_id: str, amount_minor: int, timeout_s: float, *, tenant: str,
    done: bool,
) -> Mapping[str, Any]:
    """Promise a part of a payment back; done: and the channel says that it has given it back."""
    promised = client.payment.refund_order(
        order_id=order_id, amount_minor=amount_minor, refund_available_minor=FEE_ITEM["price_minor"], reason="试验",
        op_id=f"refund:{operation.op_id}", timeout_s=timeout_s)  # fmt: skip
    if not done:
        return {"applied": False}
    word = _word(operation.key, order_id, tenant, event_id=f"refunded-{operation.key}", kind="refund-succeeded",
                 amount_minor=amount_minor, refund_id=promised["refund_id"])  # fmt: skip
    return _tell(client, word, f"refunded:{operation.op_id}", timeout_s)


def _tell(client: BusClient, body: bytes, op_id: str, timeout_s: float) -> Mapping[str, Any]:
    """The channel's word, each time under another operation id: only its event's id tells that it is the same."""
    headers = sign(body, key_id=MERCHANT, key=SECRET.encode(), at=datetime.now(UTC))
    told: Mapping[str, Any] = client.payment.apply_channel_notification(
        channel="sandbox", headers=headers, body=body.decode(), op_id=f"{op_id}:{random.random()}",
        timeout_s=timeout_s)  # fmt: skip
    return told


def _word(key: str, order_id: str, tenant: str, **changes: Any) -> bytes:
    return json.dumps({
        "event_id": f"evt-{key}", "kind": "payment-succeeded", "merchant_id": MERCHANT, "out_trade_no": order_id,
        "trade_no": f"trade-{key}", "amount_minor": FEE_ITEM["price_minor"], "currency": "CNY", "attach": tenant,
        **changes,
    }).encode()  # fmt: skip


def orders(world: World) -> Counter[str]:
    """reference → how many orders there are."""
    return world.effects("payment", "reference", "orders")


def paid_orders(world: World) -> dict[str, str]:
    """reference → the id of a paid order."""
    found = world.rows("payment", "SELECT reference, order_id FROM orders WHERE state = 'paid'")
    return {str(reference): str(order_id) for reference, order_id in found}


def ledger_postings(world: World) -> Counter[str]:
    """order id → entries that record its payment."""
    found = world.rows(
        "payment", "SELECT order_id, count(*) FROM ledger_entries WHERE source LIKE 'order-paid/%' GROUP BY order_id")
    return Counter({str(order_id): count for order_id, count in found})
