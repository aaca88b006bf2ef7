"""Issue a licence: a first one, or the next version of one that the applicant holds; and cancel it."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.matter.cases.domain.outcomes import Done, Outcome, Story
from services.matter.cases.domain.timeline import Line
from services.matter.cases.usecases.work import Work
from services.matter.definitions.domain.expressions import Expression
from services.matter.kinds.issue_licence.ports import IssueComponents
from services.matter.kinds.licence_rules import next_validity
from shared_components.kernel.dates import years_later
from shared_components.kernel.working_days import local_date

LICENCE_ISSUED = Line("licence-issued", "证照已制发", "The licence was issued")
LICENCE_RENEWED = Line(
    "licence-issued", "新证照已制发，原证照失效", "The new licence was issued; the old one is no longer valid")
LICENCE_CANCELLED = Line("licence-cancelled", "本次制发的证照已注销", "The licence issued in this case was cancelled")


def run_issue(work: Work[IssueComponents]) -> Outcome:
    licence = work.components.licences.issue(work.op_id, _request(work))
    kept = ("licence_id", "identifier", "type_code", "type_name", "version", "state", "valid_from", "valid_until")
    result = {key: licence.get(key) for key in kept}
    return Done(result=result, stories=(Story(LICENCE_RENEWED if "prior" in work.step.settings else LICENCE_ISSUED),))


def _request(work: Work[IssueComponents]) -> dict[str, Any]:
    """Equal in every retry: the day is that of the first attempt, the holder is the one the case began with."""
    settings, applicant = work.step.settings, work.applicant()
    known = work.values(applicant)
    prior = work.result_of(settings["prior"])["licence"] if "prior" in settings else {}
    valid_from, valid_until = _validity(settings, prior, known, local_date(work.begun_at))
    content = {name: Expression(text).value(known) for name, text in settings.get("content", {}).items()}
    return {
        "type_code": settings["type_code"],
        "holder_subject": work.case.applicant_subject,
        "holder_name": applicant["name"],
        "holder_id_type": applicant.get("id_type") or "111",
        "holder_id_number": applicant["id_number"],
        "issuer_code": work.definition.department_code,
        "issuer_name": work.definition.department_name.zh,
        "valid_from": valid_from.isoformat(),
        "valid_until": valid_until.isoformat() if valid_until else None,
        "content": {**(prior.get("content") or {}), **content},
        "prior_identifier": prior.get("identifier"),
    }


def _validity(
    settings: Mapping[str, Any], prior: Mapping[str, Any], known: Mapping[str, Any], issued_on: date,
) -> tuple[date, date | None]:
    """First and last day; None is 长期. Raises ExpressionFailed when the last day is no date."""
    if "validity_years" in settings:
        return next_validity(
            date.fromisoformat(prior["valid_from"]), date.fromisoformat(prior["valid_until"]),
            issued_on=issued_on, ladder=settings["validity_years"])
    if "valid_years" in settings:
        return issued_on, years_later(issued_on, settings["valid_years"])
    if "valid_until" in settings:
        last = Expression(settings["valid_until"]).day(known)
        return issued_on, last
    return issued_on, None


def run_cancel_licence(work: Work[IssueComponents]) -> Outcome:
    licence_id = work.result_of(work.task.settings["of"])["licence_id"]
    work.components.licences.cancel(work.op_id, licence_id, f"case {work.case.id} was not completed")
    return Done(result={"licence_id": licence_id}, stories=(Story(LICENCE_CANCELLED),))
