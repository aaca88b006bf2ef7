"""Check the applicant's kind and level, a licence, what registers say, and the definition's own rules."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.matter.cases.domain.outcomes import Done, Outcome, Refused
from services.matter.cases.usecases.work import Work
from services.matter.definitions.domain.expressions import Expression
from services.matter.kinds.check.ports import CheckComponents
from services.matter.kinds.licence_rules import renewal_window
from shared_components.kernel.working_days import local_date

Rule = Mapping[str, Any]
# Registers that have no word for 长期 write the calendar's last day.
LAST_DAY = date.max.isoformat()
KEPT = ("licence_id", "identifier", "state", "valid_from", "valid_until", "content")
PYTHON_TYPES = {"string": str, "integer": int, "boolean": bool}


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
        known = {**work.values(applicant), "licence": result.get("licence")}
        result["asked"] = known["asked"] = _ask(work, known)
        _check_rules(work, known)
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
    kept = {key: licence.get(key) for key in KEPT}
    if "opens_days_before" not in rule:
        return kept
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
    return kept


def _current(held: Sequence[Mapping[str, Any]], states: Sequence[str]) -> Mapping[str, Any] | None:
    """The one that counts, should there be several: the one valid longest."""
    fitting = [licence for licence in held if licence.get("state") in states]
    return max(fitting, key=lambda licence: licence.get("valid_until") or LAST_DAY, default=None)


def _ask(work: Work[CheckComponents], known: Mapping[str, Any]) -> dict[str, Any]:
    """Ask each register, and keep the fields that the definition names."""
    answers: dict[str, Any] = {}
    for ask in work.step.settings.get("asks", ()):
        question = {name: Expression(text).value(known) for name, text in ask["with"].items()}
        answer = work.components.registers.ask(ask["source"], question)
        answers[ask["as"]] = {name: _typed(answer.get(name), kind) for name, kind in ask["returns"].items()}
    return answers


def _typed(value: Any, kind: str) -> Any:
    """The value, or None where it is not of the type that the definition says: a rule over it then does not hold."""
    return value if type(value) is PYTHON_TYPES[kind] else None


def _check_rules(work: Work[CheckComponents], known: Mapping[str, Any]) -> None:
    for rule in work.step.settings.get("rules", ()):
        if Expression(rule["holds"]).holds(known):
            continue
        values = {name: str(Expression(text).value(known)) for name, text in rule.get("values", {}).items()}
        reason = rule["reason"]
        raise RuleBroken(f"matter.{rule['code']}", reason["zh"].format(**values), reason["en"].format(**values))
