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

FEE_ITEM = {
    "item_code": "card-fee", "name": "工本费", "collecting_unit": "1133010600000030X3", "unit": "张",
    "price_minor": 1000, "currency": "CNY", "division": "420100",
}  # fmt: skip


def prepare(client: BusClient) -> None:
    client.payment.put_fee_item(**FEE_ITEM, timeout_s=30)


def pay(client: BusClient, operation: Operation, timeout_s: float) -> Mapping[str, Any]:
    """Order and pay; asked again for the same operation, it is the same payment."""
    half_s = timeout_s / 2
    order = client.payment.create_order(
        payer_name="测试人", lines=[{"item_code": FEE_ITEM["item_code"], "quantity": 1}], reference=operation.key,
        op_id=operation.op_id, timeout_s=half_s)  # fmt: skip
    body = _word(operation.key, order["order_id"])
    headers = sign(body, key_id=MERCHANT, key=SECRET.encode(), at=datetime.now(UTC))
    paid: Mapping[str, Any] = client.payment.apply_channel_notification(
        channel="sandbox", headers=headers, body=body.decode(), op_id=f"paid:{operation.op_id}:{random.random()}",
        timeout_s=half_s)  # fmt: skip
    return {"order_id": order["order_id"], "state": paid["state"]}


def _word(key: str, order_id: str) -> bytes:
    return json.dumps({
        "event_id": f"evt-{key}", "kind": "payment-succeeded", "merchant_id": MERCHANT, "out_trade_no": order_id,
        "trade_no": f"trade-{key}", "amount_minor": FEE_ITEM["price_minor"], "currency": "CNY", "attach": "default",
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
