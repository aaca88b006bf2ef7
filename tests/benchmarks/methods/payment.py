"""Arguments for the methods of payment."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from shared_components.runtime.discovery import contract_of
from tests.benchmarks.methods.recipes import NotMeasured, Recipe, Repeated, UsesUp
from tests.benchmarks.methods.scene import Scene, order_request

EXAMPLES = contract_of("payment").examples
WEBHOOKS = "an app has at most 20 webhooks, which is too few calls for a figure"
BOOKS = "a day's books are one large piece of work and not many small calls; payment.reconcile measures them"


def _example(name: str) -> Repeated:
    request = EXAMPLES.of_method(name)["request"]
    return Repeated(lambda scene, n: request)


def _by_id(kind: str, **more: Any) -> UsesUp:
    return UsesUp(kind, lambda thing: {"order_id": thing["order_id"], **more})


def _days(scene: Scene, n: int) -> dict[str, Any]:
    today = datetime.now(UTC).date()
    return {"account": "channel-clearing/sandbox", "first_day": (today - timedelta(days=7)).isoformat(),
            "last_day": today.isoformat()}


def _verify_receipt(scene: Scene, n: int) -> dict[str, Any]:
    receipt = scene.thing("receipt", n)
    return {name: receipt[name] for name in ("bill_code", "bill_number", "check_code")}


RECIPES: Mapping[str, Recipe] = {
    "put_fee_item": _example("put_fee_item"),
    "put_receipt_range": Repeated(lambda scene, n: {
        "collecting_unit": "1133010600000030X3", "bill_code": "33010199", "first_number": 10 * n + 1,
        "last_number": 10 * n + 10}),
    "create_order": Repeated(order_request),
    "close_order": _by_id("order"),
    "start_payment": UsesUp("order", lambda order: {"order_id": order["order_id"], "channel": "sandbox"}, most=300),
    "apply_channel_notification": UsesUp("notification", lambda notification: notification, caller="gateway"),
    "refund_order": UsesUp("paid-order", lambda order: {
        "order_id": order["order_id"], "amount_minor": 400, "refund_available_minor": order["amount_minor"],
        "reason": "多缴退还"}, most=500),
    "list_receipts": Repeated(lambda scene, n: {"order_id": scene.thing("receipt", n)["order_id"]}),
    "verify_receipt": Repeated(_verify_receipt),
    "get_account_statement": Repeated(_days),
    "put_webhook": NotMeasured(WEBHOOKS), "remove_webhook": NotMeasured(WEBHOOKS),
    "resend_webhook": NotMeasured("each call needs a delivery, and the sandbox has no app that is delivered to"),
    "import_statement": NotMeasured(BOOKS), "reconcile": NotMeasured(BOOKS), "close_day": NotMeasured(BOOKS),
    "record_payout": NotMeasured(BOOKS), "resolve_difference": NotMeasured(BOOKS),
    "get_settlement": NotMeasured(BOOKS),
}
