"""Make an order and start it; the arrival of the money is an event."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from services.matter.cases.domain.outcomes import Done, Outcome, Refused, Story, Undone, Waiting
from services.matter.cases.usecases.work import Work
from services.matter.definitions.domain.model import Step
from services.matter.kinds.pay.lines import PAID as MONEY_ARRIVED
from services.matter.kinds.pay.lines import PAYMENT_DUE
from services.matter.kinds.pay.ports import PayComponents
from shared_components.kernel.errors import Conflict
from shared_components.kernel.money import decimal_text

PAID = frozenset({"paid", "partially_refunded", "refunded"})
NEVER_PAID = frozenset({"closed", "expired", "failed"})


def run_pay(work: Work[PayComponents]) -> Outcome:
    order_id = work.task.result.get("order_id")
    if order_id is not None:
        return _look(work, work.components.payments.get_order(str(order_id)))
    # Asked again after a crash or a lost reply, this is the order that was made the first time.
    order = work.components.payments.create_order(work.op_id, _order_request(work))
    expected = work.step.settings.get("expected_minor")
    if expected is not None and order["amount_minor"] != expected:
        closed = _close(work, order)
        return closed if isinstance(closed, Done) else Refused(
            code="matter.fee-changed", zh="收费标准与办事指南不一致，请联系窗口",
            en=f"the fee is {order['amount_minor']} minor units; the guide promises {expected}",
        )
    if work.stopping:
        return _look(work, work.components.payments.get_order(order["order_id"]))
    if "channels" in work.step.settings:
        return _wait(work, {**order, "channels": allowed_channels(work.step)})
    return _start(work, order)


def allowed_channels(step: Step) -> list[str]:
    """Those that the definition allows: one that is taken at once, or several that the applicant chooses from."""
    settings = step.settings
    return list(settings["channels"]) if "channels" in settings else [settings["channel"]]


def _start(work: Work[PayComponents], order: Mapping[str, Any]) -> Outcome:
    channel = work.step.settings["channel"]
    try:
        started = work.components.payments.start(f"{work.op_id}:start", order["order_id"], channel)
    except Conflict:
        # It may have been paid, or closed, since: the order itself knows.
        return _look(work, work.components.payments.get_order(order["order_id"]))
    return _wait(work, {**order, "pay_url": started.get("pay_url")})


def _look(work: Work[PayComponents], order: Mapping[str, Any]) -> Outcome:
    if order["state"] in PAID:
        return paid(order)
    if order["state"] in NEVER_PAID:
        if work.stopping:
            return Undone()
        return Refused(code="matter.not-paid", zh="未在期限内缴费", en=f"the order is {order['state']!r}, not paid")
    if work.stopping:
        return _close(work, order)
    return _wait(work, order)


def _close(work: Work[PayComponents], order: Mapping[str, Any]) -> Outcome:
    """Take the order back. If the money was faster, the step is done, and its compensation returns the money."""
    try:
        work.components.payments.close_order(f"{work.op_id}:close", order["order_id"])
    except Conflict:
        now = work.components.payments.get_order(order["order_id"])
        if now["state"] in PAID:
            return paid(now)
        if now["state"] not in NEVER_PAID:
            raise
    return Undone()


def _wait(work: Work[PayComponents], order: Mapping[str, Any]) -> Waiting:
    result = _facts(order)
    story = Story(PAYMENT_DUE, {"amount": decimal_text(order["amount_minor"]), "pay_code": order["pay_code"]})
    return Waiting(
        result=result, stories=(story,), poll_after=timedelta(seconds=work.settings.payment_poll_s)
    )


def paid(order: Mapping[str, Any]) -> Done:
    story = Story(MONEY_ARRIVED, {"amount": decimal_text(order["amount_minor"])})
    return Done(result=_facts(order), stories=(story,))


def _facts(order: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("order_id", "amount_minor", "currency", "pay_code", "channels", "pay_url", "paid_at", "expires_at")
    return {key: order[key] for key in kept if order.get(key) is not None}


def _order_request(work: Work[PayComponents]) -> dict[str, Any]:
    request: dict[str, Any] = {
        "payer_subject": work.case.applicant_subject,
        "payer_name": work.applicant()["name"],
        "lines": [dict(line) for line in work.step.settings["lines"]],
        "reference": reference(work.case.id, work.task.name),
        "metadata": {"matter_code": work.case.matter_code, "case_id": work.case.id, "step": work.task.name},
    }
    if work.case.served_app is not None:
        request["app"] = work.case.served_app
    if "return_url" in work.task.settings:
        request["return_url"] = work.task.settings["return_url"]
    if "expires_in_s" in work.step.settings:
        request["expires_in_s"] = work.step.settings["expires_in_s"]
    return request


def reference(case_id: str, step: str) -> str:
    """How an order names the step it pays for."""
    return f"{case_id}:{step}"
