"""Wait for the answer of somebody outside, and conclude from it."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.matter.cases.domain.outcomes import Done, Outcome, Refused, Story, Waiting
from services.matter.cases.domain.timeline import STEP_COMPLETED, Line
from services.matter.cases.domain.values import filled
from services.matter.cases.usecases.work import HasIdentity, Work
from services.matter.definitions.domain.expressions import Expression
from services.matter.definitions.domain.model import Step
from services.matter.kinds.callback.lines import NOTE, STEP_WAITING


def run_callback(work: Work[HasIdentity]) -> Outcome:
    """Begin to wait; or conclude at once when the answer has overtaken us.

    What the answer will need to know about the applicant is noted now, while it is known.
    """
    applicant = dict(work.applicant())
    notes = list(_notes(work, applicant))
    result = {name: value for values, _ in notes for name, value in values.items()}
    stories = tuple(story for _, story in notes)
    if work.task.signal is not None:
        return conclude(work.step, {**result, **work.task.signal}, applicant, stories)
    return Waiting(applicant=applicant, result=result, stories=(Story(STEP_WAITING), *stories))


def _notes(work: Work[HasIdentity], applicant: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Story]]:
    known = work.values(applicant)
    for note in work.step.settings.get("notes", ()):
        if Expression(note["when"]).holds(known):
            values = {name: Expression(text).value(known) for name, text in note["values"].items()}
            line = Line(NOTE, note["line"]["zh"], note["line"]["en"])
            yield values, Story(line, {name: str(value) for name, value in values.items()})


def conclude(
    step: Step, answer: Mapping[str, Any], applicant: dict[str, Any] | None = None, stories: tuple[Story, ...] = (),
) -> Outcome:
    """answer: the result that was called back; it has the form that the step declares."""
    text = step.settings.get("pass_when")
    if text is None or Expression(text).holds({"result": filled(step.settings["result"]["properties"], answer)}):
        return Done(applicant=applicant, result=dict(answer), stories=(*stories, Story(STEP_COMPLETED)))
    return Refused(
        applicant=applicant, result=dict(answer), code="matter.callback-negative", zh="结论为不合格",
        en="the answer was negative",
    )
