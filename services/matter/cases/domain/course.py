"""How the procedure by law follows from what happened in a case: pure, and repeated until nothing more follows."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from services.matter.cases.domain import clock, states
from services.matter.cases.domain.case import Case, Task
from services.matter.cases.domain.documents import OF_STAGES
from services.matter.cases.domain.procedure import (
    ACCEPTED,
    DELIVERED,
    EXAMINED,
    GRANTED,
    NOT_ACCEPTED,
    RECEIVED,
    REFUSED,
    STAGE,
    SUPPLEMENT,
    TERMINATED,
    WITHDRAWN,
    Procedure,
)
from services.matter.cases.domain.timeline import Line, entry
from services.matter.definitions.domain.documents import RECEIPT
from services.matter.definitions.domain.kind_rules import EXAMINES, HANDS_OVER, Rules
from services.matter.definitions.domain.model import Step

CODE_NOT_ACCEPTED = "matter.not-accepted"
CASE_ACCEPTED = Line("accepted", "已受理", "The application is accepted")
DEEMED_ACCEPTED = Line(
    "accepted", "逾期未告知补正，自收到申请材料之日起即为受理",
    "No supplement was told of in time: the application counts as accepted on the day of its receipt")
CASE_GRANTED = Line("granted", "已作出准予决定", "The decision is to grant the application")


class Course(clock.Clock, Protocol):
    """The part of a case's progress that the procedure follows."""

    @property
    def rules(self) -> Rules: ...

    def notify(self, moment: str) -> None: ...

    def issue(self, kind: str) -> None: ...


def receive(course: Course) -> None:
    """Begin the procedure: the application is received."""
    Procedure(STAGE.initial, course.now.isoformat()).keep(course.case)
    clock.wind(course)
    course.issue(RECEIPT)


def accept(course: Course) -> None:
    """Accept a received application: as of the day of its receipt once nobody has told of a supplement in time."""
    procedure = Procedure.of(course.case)
    if procedure is None or procedure.stage not in (RECEIVED, SUPPLEMENT):
        return
    deemed = is_deemed(course)
    at = procedure.received_at if deemed else course.now.isoformat()
    _keep(course, replace(procedure, accepted_at=at, deemed=deemed), ACCEPTED)
    course.case.tell(entry(course.now, DEEMED_ACCEPTED if deemed else CASE_ACCEPTED))
    issue(course)
    course.notify("accepted")
    clock.wind(course)


def follow(course: Course) -> None:
    """Bring the procedure to the stage that follows from the case."""
    procedure = Procedure.of(course.case)
    if procedure is None or STAGE.is_final(procedure.stage):
        return
    if course.case.state in (states.RUNNING, states.COMPLETED):
        _forward(course)
    elif course.case.stop is not None:
        _stop(course, procedure)


def move(course: Course, target: str) -> None:
    """Bring the procedure to a stage; nothing happens where the case has none."""
    procedure = Procedure.of(course.case)
    if procedure is not None and procedure.stage != target:
        _keep(course, procedure, target)


def issue(course: Course) -> None:
    """Issue the document that the case's stage brings, if any; once, when the stage is reached."""
    kind = OF_STAGES.get(course.case.stage or "")
    if kind is not None:
        course.issue(kind)


def is_received(case: Case) -> bool:
    """Tell whether a supplement may still be told of; so it is in a case without a procedure."""
    procedure = Procedure.of(case)
    return procedure is None or procedure.stage == RECEIVED


def is_deemed(course: Course) -> bool:
    """Tell whether a received application counts as accepted by now, whether or not it was looked at."""
    deemed_at = clock.deemed_at(course)
    return deemed_at is not None and course.now >= deemed_at


def _forward(course: Course) -> None:
    steps = [(step, course.case.step(step.name)) for step in course.definition.steps]
    if _accepts(course, steps):
        accept(course)
    stage = course.case.stage
    if stage == ACCEPTED and _passed(task for step, task in steps if _phase(course, step) == EXAMINES):
        move(course, stage := EXAMINED)
    if stage == EXAMINED and _passed(task for step, task in steps if _phase(course, step) != HANDS_OVER):
        move(course, stage := GRANTED)
        course.case.tell(entry(course.now, CASE_GRANTED))
        issue(course)
    if stage == GRANTED and course.case.state == states.COMPLETED:
        move(course, DELIVERED)
        issue(course)


def _stop(course: Course, procedure: Procedure) -> None:
    """A case that is being undone has reached its end by law: the money comes back later."""
    stop = course.case.stop or {}
    target = {states.WITHDRAWN: WITHDRAWN, states.TERMINATED: TERMINATED}.get(str(stop.get("to")), REFUSED)
    if target == REFUSED and procedure.stage in (RECEIVED, SUPPLEMENT):
        if is_deemed(course) or (stop.get("code") != CODE_NOT_ACCEPTED and _refused_by_officer(course)):
            # It counts as accepted, or an officer has decided on the substance: this holds an acceptance.
            accept(course)
        else:
            target = NOT_ACCEPTED
    if course.case.stage != target:
        move(course, target)
        issue(course)


def _accepts(course: Course, steps: list[tuple[Step, Task]]) -> bool:
    """Tell whether the acceptance follows: from the step that the definition names, an officer's, or the first."""
    if course.case.stage not in (RECEIVED, SUPPLEMENT):
        return False
    if course.case.state == states.COMPLETED:
        return True
    named = course.definition.procedure.accepted_by
    if named is not None:
        return course.case.step(named).state in (states.COMPLETED, states.SKIPPED)
    officers = [task for step, task in steps if _has_desk(course, step)]
    return any(task.state == states.COMPLETED for task in officers or (task for _, task in steps))


def _refused_by_officer(course: Course) -> bool:
    return any(
        course.case.step(step.name).state == states.REFUSED
        for step in course.definition.steps if _has_desk(course, step))


def _passed(tasks: Iterable[Task]) -> bool:
    return all(not task.is_open for task in tasks)


def _has_desk(course: Course, step: Step) -> bool:
    return course.rules.of(step.kind).desk(step.settings) is not None


def _phase(course: Course, step: Step) -> str:
    return course.rules.of(step.kind).phase


def _keep(course: Course, procedure: Procedure, target: str) -> None:
    changed, event = procedure.at_stage(target, course.now)
    changed.keep(course.case)
    course.events.append(event)
    clock.wind(course)
