"""Wait for the answer of somebody outside, and conclude from it."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.matter.cases.domain.outcomes import Done, Outcome, Refused, Story, Waiting
from services.matter.cases.domain.timeline import STEP_COMPLETED
from services.matter.cases.usecases.work import HasIdentity, Work
from services.matter.common.domain.working_days import local_date
from services.matter.definitions.domain.conditions import parse_condition
from services.matter.definitions.domain.model import Step
from services.matter.kinds.callback.lines import STEP_WAITING, YEARLY_EXAMINATION
from services.matter.kinds.licence_rules import age_on
from shared_components.kernel.dates import years_later
from shared_components.kernel.numbers import birth_date


def run_callback(work: Work[HasIdentity]) -> Outcome:
    """Begin to wait; or conclude at once when the answer has overtaken us.

    What the answer will need to know about the applicant is noted now, while it is known.
    """
    applicant = dict(work.applicant())
    result, stories = {}, [Story(STEP_WAITING)]
    from_age = work.step.settings.get("yearly_from_age")
    if from_age is not None and applicant.get("id_type", "111") == "111":
        today = local_date(work.begun_at)
        if age_on(birth_date(str(applicant["id_number"])), today) >= from_age:
            due = (years_later(today, 1) or date.max).isoformat()
            result = {"yearly": True, "next_due": due}
            stories.append(Story(YEARLY_EXAMINATION, {"age": str(from_age), "due": due}))
    if work.task.signal is not None:
        return conclude(work.step, {**result, **work.task.signal}, applicant, tuple(stories[1:]))
    return Waiting(applicant=applicant, result=result, stories=tuple(stories))


def conclude(
    step: Step, answer: Mapping[str, Any], applicant: dict[str, Any] | None = None, stories: tuple[Story, ...] = (),
) -> Outcome:
    """answer: the result that was called back; it has the form that the step declares."""
    text = step.settings.get("pass_when")
    if text is None or parse_condition(text).holds(answer):
        return Done(applicant=applicant, result=dict(answer), stories=(*stories, Story(STEP_COMPLETED)))
    return Refused(
        applicant=applicant, result=dict(answer), code="matter.callback-negative", zh="结论为不合格",
        en="the answer was negative",
    )
