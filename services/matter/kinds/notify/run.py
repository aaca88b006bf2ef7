"""Tell the applicant. A message never holds more than needed."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.matter.cases.domain.case import STEP
from services.matter.cases.domain.outcomes import Done, NotNeeded, Outcome
from services.matter.cases.usecases.work import Work
from services.matter.kinds.notify.ports import NotifyComponents


def run_notify(work: Work[NotifyComponents]) -> Outcome:
    applicant = dict(work.applicant())
    settings = work.step.settings if work.task.role == STEP else work.task.settings
    sent = {}
    for channel in settings["channels"]:
        request = _request(work, channel, settings["template"], applicant)
        if request is not None:
            reply = work.components.notifications.send(f"{work.op_id}:{channel}", request)
            sent[channel] = reply.get("message_id")
    if not sent:
        return NotNeeded(applicant=applicant)
    return Done(applicant=applicant, result={"messages": sent})


def _request(
    work: Work[NotifyComponents], channel: str, template: str, applicant: dict[str, Any],
) -> dict[str, Any] | None:
    """None when the applicant has no address on this channel."""
    request: dict[str, Any] = {
        "template_code": template,
        "channel": channel,
        "recipient_subject": work.case.applicant_subject,
        "values": _values(work, applicant),
        "reference": work.case.id,
        "locale": work.case.locale,
    }
    if work.case.served_app is not None:
        request["app"] = work.case.served_app
    if channel == "email":
        if not applicant.get("email"):
            return None
        request["address"] = applicant["email"]
    return request


def _values(work: Work[NotifyComponents], applicant: dict[str, Any]) -> dict[str, str]:
    """The same keys for every template, equal in every retry: the facts are those of when the notice came due."""
    language = "zh" if work.case.locale.startswith("zh") else "en"
    definition, facts = work.definition, work.task.settings["facts"]
    return {
        "name": str(applicant["name"]),
        "matter": getattr(definition.title, language),
        "department": getattr(definition.department_name, language),
        "case_id": work.case.id,
        **{name: told[language] if isinstance(told, Mapping) else told for name, told in facts.items()},
    }
