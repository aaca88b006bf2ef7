"""Steps that the tests of payment share."""
from __future__ import annotations

from typing import Any

from services.payment.channels.domain.channel import Notification
from services.payment.fees.usecases.fee_items import put_fee_item
from services.payment.ledger.usecases.ledger import GetTrialBalance, trial_balance
from services.payment.orders.usecases.create_orders import create_orders
from services.payment.orders.usecases.get_refund import GetRefund, get_refunds
from services.payment.orders.usecases.notifications import apply_notifications
from services.payment.orders.usecases.read_orders import GetOrder, get_orders
from services.payment.orders.usecases.refund_order import RefundOrder, refund_order
from services.payment.orders.usecases.start_payment import StartPayment, start_payments
from shared_components.kernel.calls import Call, CallContext
from tests.outcomes import one
from tests.unit.payment.world import TENANT, call, fee_item_call, order_call


def make_orders(transactions: Any, count: int = 1, **changes: Any) -> list[Any]:
    with transactions.begin(TENANT) as tx:
        if tx.fee_items.newest_version(TENANT, fee_item_call().data.item_code) == 0:
            put_fee_item(tx, *fee_item_call())
        return create_orders(tx, [order_call(**changes) for _ in range(count)])


def make_order(transactions: Any, **changes: Any) -> str:
    return str(make_orders(transactions, **changes)[0]["order_id"])


def start(transactions: Any, order_id: str, context: CallContext | None = None) -> Any:
    command = StartPayment(order_id=order_id, channel="sandbox")
    return one(start_payments(
        transactions, transactions.channels, [Call(command, context or call(command).context)]))


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


def apply(transactions: Any, *words: Notification, tenant: str = TENANT) -> list[Any]:
    with transactions.begin(tenant) as tx:
        return apply_notifications(tx, words)


def make_paid_order(transactions: Any) -> str:
    order_id = make_order(transactions)
    start(transactions, order_id)
    apply(transactions, paid_word(order_id))
    return order_id


def order_of(transactions: Any, order_id: str) -> Any:
    with transactions.begin(TENANT) as tx:
        return one(get_orders(tx, [call(GetOrder(order_id=order_id))]))


def ask_refund(
    transactions: Any, order_id: str, amount_minor: int, *, available: int, context: CallContext | None = None
) -> Any:
    command = RefundOrder(order_id, amount_minor, available, "测试")
    context = context or call(command).context
    with transactions.begin(context.tenant) as tx:
        return refund_order(tx, command, context)


def refund_of(transactions: Any, refund_id: str) -> Any:
    with transactions.begin(TENANT) as tx:
        return one(get_refunds(tx, [call(GetRefund(refund_id=refund_id))]))


def books(transactions: Any) -> dict[str, int]:
    """account → balance, debit positive; the trial balance must balance."""
    with transactions.begin(TENANT) as tx:
        trial = trial_balance(tx, *call(GetTrialBalance(currency="CNY")))
    assert trial["balanced"]
    return {account["account"]: account["balance_minor"] for account in trial["accounts"]}


def events_of(recorded: list[dict[str, Any]], aggregate: str) -> list[tuple[str, int]]:
    return [(event["type"], event["sequence"]) for event in recorded if event["aggregate"] == aggregate]
