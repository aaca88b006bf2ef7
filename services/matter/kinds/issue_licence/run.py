"""Issue the next version of a licence that the applicant holds, and cancel it."""
from __future__ import annotations

from datetime import date
from typing import Any

from services.matter.cases.domain.outcomes import Done, Outcome, Story
from services.matter.cases.domain.timeline import Line
from services.matter.cases.usecases.work import Work
from services.matter.common.domain.working_days import local_date
from services.matter.kinds.issue_licence.ports import IssueComponents
from services.matter.kinds.licence_rules import next_validity

LICENCE_ISSUED = Line(
    "licence-issued", "新证照已制发，原证照失效", "The new licence was issued; the old one is no longer valid")
LICENCE_CANCELLED = Line("licence-cancelled", "本次制发的证照已注销", "The licence issued in this case was cancelled")


def run_issue(work: Work[IssueComponents]) -> Outcome:
    licence = work.components.licences.issue(work.op_id, _request(work))
    kept = ("licence_id", "identifier", "type_code", "type_name", "version", "state", "valid_from", "valid_until")
    result = {key: licence.get(key) for key in kept}
    return Done(result=result, stories=(Story(LICENCE_ISSUED),))


def _request(work: Work[IssueComponents]) -> dict[str, Any]:
    """Equal in every retry: the day is that of the first attempt, the holder is the one the case began with."""
    settings, applicant = work.step.settings, work.applicant()
    prior = work.result_of(settings["prior"])["licence"]
    valid_from, valid_until = next_validity(
        date.fromisoformat(prior["valid_from"]), date.fromisoformat(prior["valid_until"]),
        issued_on=local_date(work.begun_at), ladder=settings["validity_years"],
    )
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
        "content": prior.get("content") or {},
        "prior_identifier": prior["identifier"],
    }


def run_cancel_licence(work: Work[IssueComponents]) -> Outcome:
    licence_id = work.result_of(work.task.settings["of"])["licence_id"]
    work.components.licences.cancel(work.op_id, licence_id, f"case {work.case.id} was not completed")
    return Done(result={"licence_id": licence_id}, stories=(Story(LICENCE_CANCELLED),))
