"""Facts of a notice, fixed when it comes due: a retry must say the same, whatever happened since."""
from __future__ import annotations

from typing import Any

from services.matter.domain import states
from services.matter.domain.case import STEP, Case
from shared_components.kernel.money import decimal_text


def notice_facts(case: Case) -> dict[str, Any]:
    """No personal data; texts in both languages."""
    stop = case.stop or {}
    facts: dict[str, Any] = {
        "reason": {"zh": str(stop.get("zh", "")), "en": str(stop.get("en", ""))},
        "amount": "",
        "valid_until": {"zh": "", "en": ""},
    }
    for task in case.by_role(STEP):
        if task.state == states.COMPLETED and task.kind == "pay":
            facts["amount"] = decimal_text(task.result["amount_minor"])
        if task.state == states.COMPLETED and task.kind == "issue_licence":
            until = task.result.get("valid_until")
            facts["valid_until"] = {"zh": until or "长期", "en": until or "no expiry"}
    return facts
