"""Two departments, three apps and two citizens with an order each, all kinds of callers, and a slow model."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from services.payment.fees.usecases.fee_items import put_fee_item
from services.payment.orders.usecases.create_orders import create_orders
from services.payment.receipts.usecases.issue_receipts import PaidOrder, issue_for_orders
from services.payment.receipts.usecases.ranges import PutReceiptRange, put_receipt_range
from services.payment.webhooks.usecases.delivery import OrderEvent, keep_for_apps
from services.payment.webhooks.usecases.webhooks import put_webhook
from shared_components.kernel.calls import Call, CallContext, Event
from shared_components.runtime.discovery import contract_of
from shared_components.webhooks.keeping import PutWebhook
from shared_components.webhooks.ports import DeliveryFilter
from tests.acting import citizen, officer
from tests.elsewhere import contexts_elsewhere, is_let_in
from tests.unit.admitted import is_admitted
from tests.unit.payment.steps import apply, ask_refund, paid_word, start
from tests.unit.payment.world import START, UNIT_CODE, fee_item_call, order_call

DEPARTMENTS, CITIZENS, APPS = ("police", "tax"), ("sub_1", "sub_2"), ("app-a", "app-b", "gateway")
RULES = {name: method.rule for name, method in contract_of("payment").methods.items()}
ROLES = ("handler", "finance", "auditor", "clerk")
CODES = {"police": "33010125", "tax": "33010225"}
Key = tuple[str, str, str | None]
"""department, app, payer; None: nobody is named."""
KEYS: list[Key] = [
    (department, app, payer) for department in DEPARTMENTS for app in APPS for payer in (*CITIZENS, None)]


def calls(method: str) -> list[CallContext]:
    """Every kind of caller of both departments to whom the method is open, as the bus admits them."""
    made = []
    for department in DEPARTMENTS:
        made += [CallContext(service, department, rule=RULES[method]) for service in ("operator", "matter")]
        for app in APPS:
            alone = CallContext(app, department, department=department, rule=RULES[method])
            persons = [*map(citizen, CITIZENS), citizen("sub_1", scopes=frozenset({"licence"}))]
            persons += [officer("sub_9", of, role) for role in ROLES for of in DEPARTMENTS]
            made += [alone, *(alone._replace(acting=person) for person in persons)]
    made += contexts_elsewhere(RULES[method])
    return [context for context in made if context.rule and is_admitted(context, context.rule)]


def model(context: CallContext, key: Key, method: str) -> bool:
    """Tell whether the call may use what belongs to an order, said slowly."""
    department, app, payer = key
    acting, rule = context.acting, RULES[method]
    assert rule is not None
    mine = app in (context.caller, "gateway")
    if acting is not None and acting.kind == "citizen" and "holder" in rule.basis:
        return acting.subject == payer and (department == context.tenant or is_let_in(context))
    if department != context.tenant:
        return False
    if acting is None:
        return mine or context.caller in ("operator", "matter")
    if acting.kind == "citizen":
        return mine and "payer" in rule.about and acting.subject == payer
    return acting.department == department and bool(acting.roles & rule.roles)


@dataclass
class Town:
    """An open order, and a paid one with a refund, a receipt and a delivery, for each key."""

    transactions: Any
    open_orders: dict[Key, str] = field(default_factory=dict)
    paid: dict[Key, str] = field(default_factory=dict)
    refunds: dict[Key, str] = field(default_factory=dict)
    receipts: dict[Key, str] = field(default_factory=dict)
    webhooks: dict[tuple[str, str | None], str] = field(default_factory=dict)
    deliveries: dict[Key, str] = field(default_factory=dict)

    def state(self) -> list[Any]:
        """Give all that a write could have changed, as operators see it."""
        with self.transactions.begin() as tx:
            at = [(CallContext("operator", key[0]), self.open_orders[key]) for key in KEYS]
            at += [(CallContext("operator", key[0]), self.paid[key]) for key in KEYS]
            return [
                tx.orders.read(at),
                [tx.webhooks.get(key[0], webhook_id) for key, webhook_id in self.webhooks.items()]]


def settle(transactions: Any) -> Town:
    town = Town(transactions)
    for department in DEPARTMENTS:
        with transactions.begin(department) as tx:
            put_fee_item(tx, *fee_item_call(department))
            put_receipt_range(
                tx, PutReceiptRange(UNIT_CODE, CODES[department], 1, 99), CallContext("operator", department))
            _put_webhooks(town, tx, department)
    for key in KEYS:
        _order(town, key)
    return town


def _put_webhooks(town: Town, tx: Any, department: str) -> None:
    for app in (*APPS, None):
        context = CallContext(app or "operator", department, department=app and department)
        town.webhooks[department, app] = put_webhook(
            tx, PutWebhook("https://hooks.example.org/x"), context)["webhook_id"]


def _order(town: Town, key: Key) -> None:
    department, app, payer = key
    maker = CallContext(app, department, department=department)
    with town.transactions.begin(department) as tx:
        command = order_call(department, payer_subject=payer).data
        made: list[Any] = [*create_orders(tx, [Call(command, maker)] * 2)]
    town.open_orders[key], town.paid[key] = (one["order_id"] for one in made)
    order_id = town.paid[key]
    start(town.transactions, order_id, maker)
    apply(town.transactions, paid_word(order_id, tenant=department), tenant=department)
    town.refunds[key] = ask_refund(town.transactions, order_id, 100, available=1000, context=maker)["refund_id"]
    event = Event(f"evt_{order_id}", "order-paid", "payment", START, order_id, department, {"order_id": order_id})
    operator = CallContext("operator", department)
    with town.transactions.begin(department) as tx:
        issue_for_orders(tx, [PaidOrder(department, order_id)])
        keep_for_apps(tx, [OrderEvent(event, order_id)])
    with town.transactions.begin(department) as tx:
        (town.receipts[key],) = (one.receipt_id for one in tx.receipts.read_original_of([(operator, order_id)]))
        town.deliveries[key] = _own_delivery(town, tx, operator, key)


def _own_delivery(town: Town, tx: Any, operator: CallContext, key: Key) -> str:
    (found,) = tx.deliveries.pages([(
        operator, DeliveryFilter(9, webhook_id=town.webhooks[key[0], key[1]], about=town.paid[key]))])
    return str(found[0].delivery_id)
