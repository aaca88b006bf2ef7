"""Requests of the load generator; without side effects, so that others may import it."""
from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

FEE_ITEM, PRICE_MINOR = "103042801", 1000
MERCHANT = "merchant-bench"
PREPARED_A_SECOND = 4000
"""A load that lasts for some time cannot know how many it will send: so many for each second, and then it ends."""
RUN = f"{time.time_ns():x}"


def order(n: int) -> dict[str, Any]:
    return {"payer_name": "林静", "lines": [{"item_code": FEE_ITEM, "quantity": 1}], "reference": f"bench-{RUN}-{n}"}


def payment_word(order_id: str, tenant: str) -> bytes:
    """Give the sandbox channel's notification of an order that was paid."""
    return json.dumps({
        "event_id": f"evt-{order_id}", "kind": "payment-succeeded", "merchant_id": MERCHANT, "out_trade_no": order_id,
        "trade_no": f"trade-{order_id}", "amount_minor": PRICE_MINOR, "currency": "CNY", "attach": tenant,
    }).encode()  # fmt: skip


def prepared_calls(spec: Mapping[str, Any]) -> int:
    """How many are measured where all are made beforehand."""
    return int(spec["calls"] or spec["seconds"] * PREPARED_A_SECOND)
