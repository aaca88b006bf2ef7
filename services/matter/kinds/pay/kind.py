"""The record of kind `pay`."""
from __future__ import annotations

from services.matter.cases.usecases.kind import Kind, Subscription
from services.matter.definitions.domain.documents import PAYMENT
from services.matter.definitions.domain.kind_rules import Fact, KindRules
from services.matter.kinds.pay.checks import check, references, results
from services.matter.kinds.pay.events import take_orders_changed, take_orders_paid
from services.matter.kinds.pay.ports import PayComponents
from services.matter.kinds.pay.refund import run_refund
from services.matter.kinds.pay.run import run_pay
from services.matter.kinds.pay.settings import SETTINGS
from shared_components.kernel.money import decimal_text

KIND = Kind[PayComponents](
    rules=KindRules(
        name="pay",
        settings=SETTINGS,
        compensation="refund",
        leaves_effect=True,
        takes_return_url=True,
        facts=(Fact("amount", "", lambda result: decimal_text(result["amount_minor"])),),
        outcome=("order_id", "amount_minor", "currency", "paid_at"),
        check=check,
        results=results,
        document=PAYMENT,
    ),
    run=run_pay,
    compensate=run_refund,
    references=references,
    subscriptions=(
        Subscription("on_order_paid", "payment", "order-paid", take_orders_paid),
        Subscription("on_order_closed", "payment", "order-closed", take_orders_changed),
        Subscription("on_refund_succeeded", "payment", "refund-succeeded", take_orders_changed),
        Subscription("on_refund_failed", "payment", "refund-failed", take_orders_changed),
    ),
)
