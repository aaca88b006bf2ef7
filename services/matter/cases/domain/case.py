"""A case (办件) and its tasks: what is to be done, was done, and must be undone."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.matter.cases.domain import states
from services.matter.cases.domain.errors import StepNotFound
from services.matter.cases.domain.timeline import TimelineEntry
from shared_components.kernel.apps import BEFORE_APPS, is_app
from shared_components.kernel.bilingual import Bilingual

STEP, COMPENSATION, NOTICE = "step", "compensation", "notice"


@dataclass
class Task:
    """One thing that the engine does for a case.

    role: a step of the definition, the compensation of one, or a notice to the applicant.
    attempt_group: part of the operation id; it changes only when the operation is known not to have happened.
    result: what the component answered (also while waiting: the order, its 缴款码).
    signal: what arrived from outside before the step could take it, such as a payment.
    due_at: when it is to be asked (again); lease_until: until when one worker has it.
    desk: role of the officers who do it. claimed_by: the officer who has taken it, a subject's id.
    finished_order: 1, 2, … in the order in which the case's tasks were finished.
    """

    id: str
    name: str
    role: str
    kind: str
    position: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    state: str = states.PENDING
    attempts: int = 0
    attempt_group: int = 1
    result: dict[str, Any] = field(default_factory=dict)
    signal: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    created_at: datetime | None = None
    due_at: datetime | None = None
    lease_until: datetime | None = None
    claim: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    finished_order: int = 0
    limit_at: datetime | None = None
    desk: str | None = None
    claimed_by: str | None = None

    def move(self, target: str) -> None:
        states.TASK.move(self.state, target)
        self.state = target

    @property
    def is_open(self) -> bool:
        return not states.TASK.is_final(self.state)

    @property
    def wake_at(self) -> datetime | None:
        """When the engine has to look at it again; None while nothing is to be done."""
        if self.state == states.RUNNING:
            return self.lease_until
        return self.due_at if self.state in (states.READY, states.WAITING) else None


@dataclass
class Case:
    """app: that started it, and the only one that may go on with it.

    form: frozen at submission. applicant: name, number and address as identity gave them; erased at the end.

    stop: why the case is being undone: {"to": "refused" | "withdrawn", "code", "zh", "en"}.
    open_slot: its number among the applicant's open cases of this matter and object, from submission until the end.
    handling: what staff have done with the case as a whole, such as the supplement that they asked for.
    object_key: a keyed hash of the object that the case is about; empty where the definition names none.
    stage: of the procedure by law (procedure.py); None before the submission.
    look_at: when the limits have to be looked at; None: not at all. pending_year: a year that a limit waits for.
    """

    id: str
    tenant: str
    matter_code: str
    version: int
    applicant_subject: str
    locale: str
    created_at: datetime
    app: str = BEFORE_APPS
    form: dict[str, Any] = field(default_factory=dict)
    applicant: dict[str, Any] | None = None
    state: str = states.DRAFT
    stop: dict[str, Any] | None = None
    handling: dict[str, Any] = field(default_factory=dict)
    submitted_at: datetime | None = None
    finished_at: datetime | None = None
    object_key: str = ""
    open_slot: int | None = None
    revision: int = 0
    stage: str | None = None
    look_at: datetime | None = None
    pending_year: int | None = None
    tasks: list[Task] = field(default_factory=list)
    timeline: list[TimelineEntry] = field(default_factory=list)

    def by_role(self, role: str) -> list[Task]:
        return [task for task in self.tasks if task.role == role]

    def step(self, name: str) -> Task:
        """Raises StepNotFound."""
        steps = self.by_role(STEP)
        for task in steps:
            if task.name == name:
                return task
        allowed = ", ".join(task.name for task in steps) or "none before it is submitted"
        raise StepNotFound(Bilingual(
            f"case {self.id} has no step {name!r}; it has {allowed}",
            f"办件 {self.id} 没有步骤“{name}”；现有步骤：{allowed}"))

    def task(self, task_id: str) -> Task | None:
        return next((task for task in self.tasks if task.id == task_id), None)

    @property
    def served_app(self) -> str | None:
        """The app that what is made for the case belongs to; None when there is no app, or it is not known."""
        return self.app if is_app(self.app) and self.app != BEFORE_APPS else None

    @property
    def is_final(self) -> bool:
        return states.CASE.is_final(self.state)

    @property
    def is_stuck(self) -> bool:
        return any(task.state == states.STUCK for task in self.tasks)

    def finish(self, task: Task, target: str, at: datetime) -> None:
        """Move a task to a final state, and remember the order in which it came there."""
        task.move(target)
        task.finished_at = at
        task.finished_order = max((other.finished_order for other in self.tasks), default=0) + 1
        task.due_at = task.lease_until = task.claim = None

    def tell(self, entry: TimelineEntry) -> None:
        self.timeline.append(entry)
