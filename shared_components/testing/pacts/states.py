"""Provider states: what a pact may ask to be there (`given("an order that is paid")`), and how it is made.

A state gives values, such as the order's id; a pact puts them into a request by `from_state`.
"""
from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from secrets import token_hex
from typing import Any

import httpx

from shared_components.devstack.platform_process import AppAccess
from shared_components.devstack.sandbox import HelperFailed
from shared_components.kernel.bilingual import Bilingual

State = Callable[[AppAccess], Mapping[str, Any]]
PATIENCE_S = 60.0
LINES = [{"item_code": "driving-licence-card", "quantity": 1}]


def from_state(name: str, example: str) -> dict[str, str]:
    """A value of a request that the provider's state gives, such as `from_state("order_id", "pay_1")`."""
    return {"pact:matcher:type": "type", "value": example,
            "pact:generator:type": "ProviderState", "expression": f"${{{name}}}"}


def nothing(platform: AppAccess) -> dict[str, Any]:
    """Nothing to make: each platform has the fee item and the licence type of the demonstration matter."""
    return {}


def order(platform: AppAccess) -> dict[str, Any]:
    made = platform.call("payment.create_order", payer_name="林静", lines=LINES)
    return {"order_id": made["order_id"], "pay_code": made["pay_code"], "amount_minor": made["amount_minor"]}


def paid_order(platform: AppAccess) -> dict[str, Any]:
    made = order(platform)
    started = platform.call("payment.start_payment", order_id=made["order_id"], channel="sandbox")
    httpx.post(started["pay_url"], data={"action": "confirm"}, timeout=20,
               follow_redirects=True).raise_for_status()
    _wait(platform, made["order_id"], "paid")
    return made


def refunded_order(platform: AppAccess) -> dict[str, Any]:
    made = paid_order(platform)
    refund = platform.call("payment.refund_order", order_id=made["order_id"], reason="申请人撤回",
                           amount_minor=made["amount_minor"], refund_available_minor=made["amount_minor"])
    _wait(platform, made["order_id"], "refunded")
    return {**made, "refund_id": refund["refund_id"]}


def closed_order(platform: AppAccess) -> dict[str, Any]:
    made = order(platform)
    platform.call("payment.close_order", order_id=made["order_id"])
    return made


def unknown_order(platform: AppAccess) -> dict[str, Any]:
    return {"order_id": f"pay_{token_hex(16)}"}


def _wait(platform: AppAccess, order_id: str, state: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while (now := platform.call("payment.get_order", order_id=order_id)["state"]) != state:
        if time.monotonic() > until:
            raise HelperFailed(Bilingual(
                f"order {order_id} is '{now}' after {PATIENCE_S:g} s, not '{state}'",
                f"订单 {order_id} 在 {PATIENCE_S:g} 秒后为“{now}”，而非“{state}”"))
        time.sleep(0.1)


SCENARIOS: Mapping[str, State] = {
    "ordered": order,
    "paid": paid_order,
    "paid-and-refunded": refunded_order,
    "closed": closed_order,
}
"""What `zhongtai sandbox play` plays."""

STATES: Mapping[str, State] = {
    "the seed": nothing,
    "an order": order,
    "an order that is paid": paid_order,
    "an order that is refunded": refunded_order,
    "an order that is closed": closed_order,
    "no such order": unknown_order,
}
