"""Tasks that a process claims in the transaction that makes them due, and does as soon as it has committed."""
from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.matter.cases.domain.case import Case, Task
from services.matter.cases.domain.claiming import claim
from services.matter.cases.domain.ports import HasEngine
from services.matter.cases.domain.progress import Progress
from services.matter.definitions.domain.model import Definition


@dataclass(frozen=True, slots=True)
class Claimed:
    """A task in this process's hands, and its case as it was then. at: of the claim.

    traceparent: of what made it due.
    """

    case: Case
    task: Task
    definition: Definition
    at: datetime
    traceparent: str | None = None


class AtOnce(Protocol):
    """The engine of this process, as a transaction sees it."""

    def room(self) -> int:
        """Give how many more tasks it takes now; none in a process without an engine, and in one that ends."""
        ...

    def begin(self, claimed: Sequence[Claimed]) -> None:
        """Do these once the transaction has committed."""
        ...


class AtOnceTx(HasEngine, Protocol):
    """The part of a transaction that tasks use which are begun with it."""

    @property
    def at_once(self) -> AtOnce: ...


def claim_due(tx: AtOnceTx, progress: Sequence[Progress], traces: Mapping[str, str | None]) -> None:
    """Claim what has come due in these cases, as far as this process has room; the cases are yet to be saved.

    What is not claimed here stays due. traces: by case id.
    """
    room, claimed = tx.at_once.room(), list[Claimed]()
    for one in progress:
        due = one.newly_due()
        if not due or len(claimed) + len(due) > room:
            continue
        for task in due:
            claim(task, one.now, tx.engine.lease_s)
        claimed += claims(one.case, due, one.definition, one.now, dict.fromkeys(
            (task.id for task in due), traces.get(one.case.id)))
    if claimed:
        tx.at_once.begin(claimed)


def claims(
    case: Case, tasks: Sequence[Task], definition: Definition, at: datetime, traces: Mapping[str, str | None],
) -> list[Claimed]:
    """Give claimed tasks with their case. traces: by task id."""
    # As it is now: what the transaction does with the case afterwards concerns its later tasks.
    seen = copy.copy(case)
    seen.tasks, seen.timeline = [copy.copy(task) for task in case.tasks], []
    wanted = {task.id for task in tasks}
    return [Claimed(seen, task, definition, at, traces.get(task.id)) for task in seen.tasks if task.id in wanted]
