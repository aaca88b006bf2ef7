"""Facts of a notice, fixed when it comes due: a retry must say the same, whatever happened since."""
from __future__ import annotations

from services.matter.cases.domain import states
from services.matter.cases.domain.case import STEP, Case
from services.matter.definitions.domain.kind_rules import Rules, Told


def notice_facts(case: Case, rules: Rules) -> dict[str, Told]:
    """Give every placeholder its text. No personal data; texts in both languages where they differ."""
    stop = case.stop or {}
    facts: dict[str, Told] = {"reason": {"zh": str(stop.get("zh", "")), "en": str(stop.get("en", ""))}}
    facts |= {fact.name: fact.empty for fact in rules.facts}
    for task in case.by_role(STEP):
        if task.state == states.COMPLETED:
            facts |= {fact.name: fact.of(task.result) for fact in rules.of(task.kind).facts}
    return facts
