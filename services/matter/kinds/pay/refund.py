"""Return the money of a paid step."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from services.matter.cases.domain.outcomes import Done, Outcome, Story, Stuck, Waiting
from services.matter.cases.usecases.work import Work
from services.matter.kinds.pay.lines import REFUNDED
from services.matter.kinds.pay.ports import PayComponents
from shared_components.kernel.money import decimal_text

REFUND_POLL_S = 10.0


def run_refund(work: Work[PayComponents]) -> Outcome:
    payments = work.components.payments
    refund_id = work.task.result.get("refund_id")
    if refund_id is not None:
        return _refund_state(work, payments.get_refund(str(refund_id)))
    order = work.result_of(work.task.settings["of"])
    # The whole amount, and the belief that nothing of it was returned before: payment refuses if that is not so.
    return _refund_state(work, payments.refund(work.op_id, {
        "order_id": order["order_id"],
        "amount_minor": order["amount_minor"],
        "refund_available_minor": order["amount_minor"],
        "reason": f"case {work.case.id} was {(work.case.stop or {}).get('to', 'stopped')}",
    }))


def _refund_state(work: Work[PayComponents], refund: Mapping[str, Any]) -> Outcome:
    facts = {"refund_id": refund["refund_id"], "state": refund["state"]}
    if refund["state"] == "succeeded":
        amount = work.result_of(work.task.settings["of"])["amount_minor"]
        return Done(result=facts, stories=(Story(REFUNDED, {"amount": decimal_text(amount)}),))
    if refund["state"] == "failed":
        return Stuck(error={"category": "refused", "code": "matter.refund-failed",
                            "message": f"refund {refund['refund_id']} is 'failed'; only 'succeeded' ends it"})
    return Waiting(result=facts, poll_after=timedelta(seconds=REFUND_POLL_S))
