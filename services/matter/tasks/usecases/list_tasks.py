"""The inbox of officers: steps of their department that wait for their roles, oldest first."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.matter.cases.domain.case import Case
from services.matter.definitions.domain.ports import HasDefinitionVersions
from services.matter.tasks.usecases.desk import officer_of
from services.matter.tasks.usecases.views import OfficerTaskView, task_fields
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

TASKS = PagedList[str]("matter.list_tasks", str)


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """desks: roles. claimed_by: only steps of this officer. unclaimed: only steps of nobody. after: a step's id."""

    desks: Sequence[str]
    matter_code: str | None
    claimed_by: str | None
    unclaimed: bool
    after: str | None
    limit: int


class WaitingTasks(Protocol):
    def page(self, context: CallContext, wanted: TaskFilter) -> Sequence[tuple[Case, str]]:
        """Give cases with the id of their waiting step, oldest first; of cases that the call may see."""
        ...


class ListTasksTx(HasClock, HasDefinitionVersions, Protocol):
    """The part of a transaction that an inbox uses."""

    @property
    def waiting_tasks(self) -> WaitingTasks: ...


@dataclass(frozen=True, slots=True)
class ListTasks:
    """whose: mine, unclaimed, or all of the officer's roles."""

    matter_code: str | None = None
    whose: str = "all"
    limit: int = DEFAULT_LIMIT
    after: str | None = None


def list_tasks(tx: ListTasksTx, command: ListTasks, context: CallContext) -> PageView[OfficerTaskView]:
    """Raises OfficerNeeded, PageCursorInvalid."""
    officer = officer_of(context)
    page = TASKS.asked(command, context.tenant)
    found = tx.waiting_tasks.page(context, TaskFilter(
        sorted(officer.roles), command.matter_code, officer.subject if command.whose == "mine" else None,
        command.whose == "unclaimed", page.after, page.fetch))
    now = tx.clock.now()

    def view(pair: tuple[Case, str]) -> OfficerTaskView:
        case, step_id = pair
        task = next(one for one in case.tasks if one.id == step_id)
        definition = tx.definitions.version(case.tenant, case.matter_code, case.version)
        return OfficerTaskView(**task_fields(case, task, definition, officer=officer.subject, now=now))

    return page.view(found, view=view, key=lambda pair: pair[1])
