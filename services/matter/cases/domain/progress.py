"""Conclusions in a case from what has happened: pure, and repeated until nothing more follows."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.matter.cases.domain import clock, course, states
from services.matter.cases.domain.case import COMPENSATION, NOTICE, STEP, Case, Task
from services.matter.cases.domain.documents import PlannedDocument, plan_document
from services.matter.cases.domain.notices import notice_facts
from services.matter.cases.domain.pausing import end_pause, pause_of
from services.matter.cases.domain.timeline import ENDS, RATING_INVITED, SUBMITTED, WITHDRAWING, entry
from services.matter.cases.domain.values import case_values
from services.matter.definitions.domain.kind_rules import Rules
from services.matter.definitions.domain.model import Definition
from shared_components.kernel.ids import new_id
from shared_components.kernel.working_days import WorkingCalendar

PASSED = frozenset({states.COMPLETED, states.SKIPPED})


@dataclass
class Progress:
    """events: the state changes that were made, in order; each is published. documents: that they brought."""

    case: Case
    definition: Definition
    now: datetime
    calendar: WorkingCalendar
    rules: Rules
    make_id: Callable[[str], str] = new_id
    events: list[str] = field(default_factory=list)
    documents: list[PlannedDocument] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._waking = {task.id: task.wake_at for task in self.case.tasks}

    def newly_due(self) -> list[Task]:
        """The tasks that have come due since this progress began."""
        due = (task for task in self.case.tasks if task.state in (states.READY, states.WAITING))
        return [
            task for task in due
            if task.due_at is not None and task.due_at <= self.now and self._waking.get(task.id) != task.due_at
        ]

    def submit(self) -> None:
        """Make the case's steps and begin."""
        self._move(states.RUNNING)
        self.case.submitted_at = self.now
        self.case.tell(entry(self.now, SUBMITTED))
        course.receive(self)
        for position, step in enumerate(self.definition.steps):
            self._add(step.name, STEP, step.kind, position).desk = self.rules.of(step.kind).desk(step.settings)
        self.notify("submitted")
        self.settle()

    def stop(self, *, to: str, code: str, zh: str, en: str) -> None:
        """Begin to undo the case; the first reason stays."""
        if self.case.state == states.RUNNING:
            self.case.stop = {"to": to, "code": code, "zh": zh, "en": en}
            self._move(states.COMPENSATING)

    def withdraw(self) -> None:
        """The applicant's own wish; nothing was begun for a draft."""
        if self.case.state == states.DRAFT:
            self._end(states.WITHDRAWN)
            return
        end_pause(self.case)
        self.case.tell(entry(self.now, WITHDRAWING))
        self.stop(to=states.WITHDRAWN, code="matter.withdrawn", zh="申请人撤回", en="withdrawn by the applicant")

    def compensate_late(self, task: Task) -> None:
        """Undo what took effect after its step had been given up, whatever became of the case."""
        kind = self.definition.step(task.name).compensation
        if kind is not None and not any(t.settings.get("of") == task.name for t in self.case.by_role(COMPENSATION)):
            self._make_due(self._add_compensation(task.name, kind))

    def settle(self) -> None:
        """Draw every conclusion; none in a paused case."""
        if pause_of(self.case) is not None:
            return
        if self.case.state == states.RUNNING:
            self._go_forward()
        if self.case.state == states.COMPENSATING:
            course.follow(self)
            self._go_back()
        course.follow(self)
        if self.case.is_final and not any(task.is_open for task in self.case.tasks):
            self.case.applicant = None

    def notify(self, moment: str) -> None:
        for notice in self.definition.notices_on(moment):
            for channel in notice.channels:
                task = self._add(f"{moment}-{channel}", NOTICE, "notify", len(self.case.by_role(NOTICE)))
                task.settings = {"template": notice.template, "channels": [channel]}
                self._make_due(task)

    def issue(self, kind: str, task: Task | None = None) -> None:
        """Plan a document. task: the step that it is about."""
        planned = plan_document(self, kind, task)
        if planned is not None:
            self.documents.append(planned)

    def _go_forward(self) -> None:
        steps = {task.name: task for task in self.case.by_role(STEP)}
        for step in self.definition.steps:
            task = steps[step.name]
            if task.state == states.REFUSED and not step.optional:
                reason = task.error or {}
                zh, en = str(reason.get("zh", "")), str(reason.get("en", ""))
                self.stop(to=states.REFUSED, code=str(reason.get("code", "")), zh=zh, en=en)
                return
        while self._begin_steps(steps):
            pass
        course.follow(self)
        if all(not task.is_open for task in steps.values()):
            self._complete()

    def _begin_steps(self, steps: dict[str, Task]) -> bool:
        """Begin or skip what may now begin. True when a skipped step may have opened the way for others."""
        skipped = False
        for step in self.definition.steps:
            task = steps[step.name]
            if task.state != states.PENDING or not all(self._is_passed(steps[name]) for name in step.after):
                continue
            if step.when is None or step.when.holds(case_values(self.case, self.definition, self.rules)):
                self._make_due(task)
                if step.limit_working_days:
                    clock.limit_step(self, step.name, self.now, step.limit_working_days)
            else:
                self.case.finish(task, states.SKIPPED, self.now)
                skipped = True
        return skipped

    def _is_passed(self, task: Task) -> bool:
        # A refused step counts as passed only if it is optional; the case stops at any other before this is asked.
        return task.state in PASSED or task.state == states.REFUSED

    def _complete(self) -> None:
        self._end(states.COMPLETED)
        if self.definition.invites_rating:
            self.case.tell(entry(self.now, RATING_INVITED))

    def _go_back(self) -> None:
        steps = self.case.by_role(STEP)
        for task in steps:
            self._wind_up(task)
        if any(task.is_open for task in steps):
            return
        self._plan_compensations(steps)
        compensations = sorted(self.case.by_role(COMPENSATION), key=lambda task: task.position)
        unfinished = [task for task in compensations if task.is_open]
        if not unfinished:
            self._end(str((self.case.stop or {}).get("to", states.REFUSED)))
        elif unfinished[0].state == states.PENDING:
            self._make_due(unfinished[0])

    def _wind_up(self, task: Task) -> None:
        """Cancel what has certainly had no effect; what may have had one is asked until it is known."""
        # A call that was made once may have had its effect.
        may_have_effect = task.attempts > 0 and self.rules.of(task.kind).leaves_effect
        if task.state in (states.PENDING, states.READY, states.WAITING, states.STUCK) and not may_have_effect:
            self.case.finish(task, states.CANCELLED, self.now)
        elif task.state == states.WAITING:
            self._make_due(task)

    def _plan_compensations(self, steps: Sequence[Task]) -> None:
        """Exactly the completed steps that can be undone, the last one first."""
        planned = {task.settings["of"] for task in self.case.by_role(COMPENSATION)}
        completed = [task for task in steps if task.state == states.COMPLETED and task.name not in planned]
        for done in sorted(completed, key=lambda task: task.finished_order, reverse=True):
            kind = self.definition.step(done.name).compensation
            if kind is not None:
                self._add_compensation(done.name, kind)

    def _add_compensation(self, of: str, kind: str) -> Task:
        position = len(self.case.by_role(COMPENSATION))
        task = self._add(f"{of}.{kind.replace('_', '-')}", COMPENSATION, kind, position)
        task.settings = {"of": of}
        return task

    def _end(self, state: str) -> None:
        self._move(state)
        self.case.finished_at = self.now
        reason = self.case.stop or {}
        values = {"reason_zh": str(reason.get("zh", "")), "reason_en": str(reason.get("en", ""))}
        self.case.tell(entry(self.now, ENDS[state], values))
        self.notify(state)

    def _move(self, state: str) -> None:
        self.events.append(states.CASE.move(self.case.state, state))
        self.case.state = state
        if self.case.is_final:
            self.case.open_slot = None

    def _add(self, name: str, role: str, kind: str, position: int) -> Task:
        task = Task(self.make_id("step"), name, role, kind, position, created_at=self.now)
        self.case.tasks.append(task)
        return task

    def _make_due(self, task: Task) -> None:
        task.move(states.READY)
        task.due_at = self.now
        if self.rules.of(task.kind).tells_applicant:
            task.settings = {**task.settings, "facts": notice_facts(self.case, self.rules)}
