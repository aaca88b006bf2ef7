"""A case that is walked without a platform: the rules of the engine, and made-up answers."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from services.matter.cases.domain import states
from services.matter.cases.domain.case import COMPENSATION, NOTICE, STEP, Case, Task
from services.matter.cases.domain.outcomes import Done, Outcome, Refused
from services.matter.cases.domain.progress import Progress
from services.matter.cases.domain.recording import RetryPolicy, record
from services.matter.definitions.domain.errors import FormInvalid
from services.matter.definitions.domain.expressions import TEXT, WHOLE, YES_NO, Variable
from services.matter.definitions.domain.forms import check_form
from services.matter.definitions.domain.kind_rules import Rules
from services.matter.definitions.domain.model import Definition
from shared_components.cli.errors import wrong_use
from shared_components.kernel.working_days import WorkingCalendar

REFUSE = "refuse"
MADE_UP = {TEXT: "…", WHOLE: 1, YES_NO: True}
MOST_ROUNDS = 500
MINUTE = timedelta(minutes=1)


class Walk:
    """answers: by step, REFUSE for those that say no."""

    def __init__(
        self, data: Mapping[str, Any], rules: Rules, form: Mapping[str, Any], answers: Mapping[str, str],
        start: datetime | None = None,
    ) -> None:
        self._definition = Definition.of(data, 1)
        self._rules, self._answers = rules, answers
        self._now = start or datetime.now(UTC)
        self.case = Case(
            id="case_simulated", tenant="simulated", matter_code=self._definition.matter_code, version=1,
            applicant_subject="sub_simulated", locale="zh-CN", created_at=self._now, form=self._checked(form))

    def lines(self, language: str) -> Iterator[str]:
        """Walk, and yield a line for everything that happens."""
        told = 0
        self._progress().submit()
        for _ in range(MOST_ROUNDS):
            for line in self.case.timeline[told:]:
                yield f"{line.zh if language == 'zh' else line.en}"
            told = len(self.case.timeline)
            task = next((one for one in self.case.tasks if one.state == states.READY), None)
            if task is None:
                return
            said = self._answer(task)
            if said is not None:
                yield f"  [{said}]"

    def _progress(self) -> Progress:
        return Progress(self.case, self._definition, self._now, WorkingCalendar(), self._rules)

    def _answer(self, task: Task) -> str | None:
        """Do one task; gives a line for undoing and notices, of which the timeline is silent."""
        self._now += MINUTE
        task.move(states.RUNNING)
        task.attempts += 1
        record(self._progress(), task, self._outcome(task), RetryPolicy())
        if task.role == NOTICE:
            return f"notify {task.settings['template']} by {', '.join(task.settings['channels'])}"
        return f"undo {task.name}" if task.role == COMPENSATION else None

    def _outcome(self, task: Task) -> Outcome:
        if task.role == STEP and self._answers.get(task.name) == REFUSE:
            return Refused(code="matter.simulated", zh="（模拟）不予通过", en="(simulated) refused")
        if task.role != STEP:
            return Done()
        results = self._rules.of(task.kind).results(self._definition.step(task.name).settings)
        return Done(result={name: _made_up(one) for name, one in results.items()})

    def _checked(self, form: Mapping[str, Any]) -> dict[str, Any]:
        """Check the form where one is given; an empty one is walked as it is."""
        try:
            return check_form(self._definition.form, dict(form), complete=bool(form))
        except FormInvalid as error:
            raise wrong_use(error) from None


def _made_up(variable: Variable) -> Any:
    return MADE_UP.get(variable.type)
