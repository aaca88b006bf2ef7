"""Check the applicant's level, the licence to renew and its window, unpaid violations."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.matter.cases.domain.outcomes import Done, Outcome, Refused
from services.matter.cases.usecases.work import Work
from services.matter.common.domain.working_days import local_date
from services.matter.kinds.check.ports import CheckComponents
from services.matter.kinds.licence_rules import renewal_window

Rule = Mapping[str, Any]
# Registers that have no word for 长期 write the calendar's last day.
LAST_DAY = date.max.isoformat()


class RuleBroken(Exception):
    """The applicant does not meet a rule."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code, self.zh, self.en = code, zh, en
        super().__init__(code)


def run_check(work: Work[CheckComponents]) -> Outcome:
    applicant = dict(work.applicant())
    try:
        _check_person(work, applicant)
        result: dict[str, Any] = {"level": applicant["level"]}
        rule = work.step.settings.get("licence")
        if rule is not None:
            result["licence"] = _check_licence(work, rule)
        if work.step.settings.get("no_unpaid_violations"):
            _check_violations(work, applicant)
    except RuleBroken as broken:
        return Refused(applicant=applicant, code=broken.code, zh=broken.zh, en=broken.en)
    return Done(applicant=applicant, result=result)


def _check_person(work: Work[CheckComponents], applicant: Mapping[str, Any]) -> None:
    kind, kinds = applicant.get("kind"), work.definition.applicant_kinds
    if kind is not None and kind not in kinds:
        raise RuleBroken("matter.applicant-kind", "该事项不面向此类申请人", f"only {', '.join(kinds)} may apply")
    least = work.definition.applicant_level
    if int(applicant["level"]) < least:
        raise RuleBroken(
            "matter.level-too-low", f"实名等级须达到{least}级",
            f"the applicant's level is {applicant['level']}; at least {least} is needed",
        )


def _check_licence(work: Work[CheckComponents], rule: Rule) -> dict[str, Any]:
    held = work.components.licences.of_holder(work.case.applicant_subject, rule["type_code"])
    licence = _current(held, rule["states"])
    if licence is None:
        raise RuleBroken("matter.no-valid-licence", "申请人没有有效的相应证照", "the applicant holds no valid licence")
    if licence.get("valid_until") in (None, LAST_DAY):
        raise RuleBroken("matter.licence-permanent", "证照长期有效，无需换证", "the licence does not expire")
    first, last = renewal_window(
        date.fromisoformat(licence["valid_until"]),
        opens_days_before=rule["opens_days_before"], closes_years_after=rule["closes_years_after"],
    )
    if not first <= local_date(work.begun_at) <= last:
        raise RuleBroken(
            "matter.outside-window", f"换证期限为 {first} 至 {last}", f"it can be renewed from {first} until {last}"
        )
    kept = ("licence_id", "identifier", "valid_from", "valid_until", "content")
    return {key: licence.get(key) for key in kept}


def _current(held: Sequence[Mapping[str, Any]], states: Sequence[str]) -> Mapping[str, Any] | None:
    """The one that counts, should there be several: the one valid longest."""
    fitting = [licence for licence in held if licence.get("state") in states]
    return max(fitting, key=lambda licence: licence.get("valid_until") or LAST_DAY, default=None)


def _check_violations(work: Work[CheckComponents], applicant: Mapping[str, Any]) -> None:
    unpaid = work.components.violations.unpaid(str(applicant["id_number"]))
    if unpaid:
        raise RuleBroken(
            "matter.unpaid-violations", f"有{unpaid}起交通违法尚未处理",
            f"{unpaid} traffic violation(s) are not settled",
        )
