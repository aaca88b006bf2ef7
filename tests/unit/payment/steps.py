"""Steps that the tests of payment share."""
from __future__ import annotations

from typing import Any

from services.payment.domain.channel import Notification
from services.payment.usecases.create_orders import create_orders
from services.payment.usecases.fee_items import put_fee_item
from services.payment.usecases.ledger import trial_balance
from services.payment.usecases.notifications import apply_notifications
from services.payment.usecases.orders import get_order
from services.payment.usecases.refunds import get_refund, refund_order
from services.payment.usecases.start_payment import start_payment
from tests.unit.payment.world import TENANT, call, fee_item_call, order_call


def make_orders(units: Any, count: int = 1, **changes: Any) -> list[Any]:
    with units.begin(TENANT) as unit:
        if unit.fee_items.newest_version(TENANT, fee_item_call().data["item_code"]) == 0:
            put_fee_item(unit, fee_item_call())
        return create_orders(unit, [order_call(**changes) for _ in range(count)])


def make_order(units: Any, **changes: Any) -> str:
    return str(make_orders(units, **changes)[0]["order_id"])


def start(units: Any, order_id: str) -> Any:
    return start_payment(units, units.channels, call({"order_id": order_id, "channel": "sandbox"}))


def paid_word(order_id: str, *, trade: str = "t1", event: str | None = None, **changes: Any) -> Notification:
    """The channel's word that an order of 1000 was paid."""
    facts: dict[str, Any] = {
        "channel": "sandbox", "event_id": event or f"{order_id}/{trade}", "kind": "payment-succeeded",
        "order_id": order_id, "tenant": TENANT, "trade_no": f"{order_id}/{trade}", "amount_minor": 1000,
        "currency": "CNY",
    }
    return Notification(**{**facts, **changes})


def failed_word(order_id: str) -> Notification:
    return paid_word(order_id, event=f"{order_id}/failed", kind="payment-failed")


def apply(units: Any, *words: Notification) -> list[Any]:
    with units.begin(TENANT) as unit:
        return apply_notifications(unit, words)


def make_paid_order(units: Any) -> str:
    order_id = make_order(units)
    start(units, order_id)
    apply(units, paid_word(order_id))
    return order_id


def order_of(units: Any, order_id: str) -> Any:
    with units.begin(TENANT) as unit:
        return get_order(unit, call({"order_id": order_id}))


def ask_refund(units: Any, order_id: str, amount_minor: int, *, available: int) -> Any:
    with units.begin(TENANT) as unit:
        return refund_order(unit, call({
            "order_id": order_id, "amount_minor": amount_minor, "refund_available_minor": available, "reason": "测试",
        }))


def refund_of(units: Any, refund_id: str) -> Any:
    with units.begin(TENANT) as unit:
        return get_refund(unit, call({"refund_id": refund_id}))


def books(units: Any) -> dict[str, int]:
    """account → balance, debit positive; the trial balance must balance."""
    with units.begin(TENANT) as unit:
        trial = trial_balance(unit, call({"currency": "CNY"}))
    assert trial["balanced"]
    return {account["account"]: account["balance_minor"] for account in trial["accounts"]}


def events_of(recorded: list[dict[str, Any]], aggregate: str) -> list[tuple[str, int]]:
    return [(event["type"], event["sequence"]) for event in recorded if event["aggregate"] == aggregate]
