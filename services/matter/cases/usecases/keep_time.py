"""Keep the time of procedures: deemed acceptance, warnings, missed limits, and limits that waited for a year."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from services.matter.cases.domain import clock, course
from services.matter.cases.domain.case import Case
from services.matter.cases.domain.progress import Progress
from services.matter.cases.usecases.case_progress import CasesInGroups, ProgressTx, progress_of, save_all
from services.matter.cases.usecases.saving import SavingTx

AT_ONCE = 100


class Clocks(Protocol):
    def due(self, now: datetime, years: Collection[int], limit: int) -> Sequence[tuple[str, str]]:
        """(tenant, case id) of cases whose limits have to be looked at, over all tenants.

        years: that are loaded; a case that waits for one of them is due.
        """
        ...


class KeepTimeTx(SavingTx, ProgressTx, Protocol):
    """The part of a transaction that keeping time uses."""

    @property
    def cases(self) -> CasesInGroups: ...

    @property
    def clocks(self) -> Clocks: ...


class KeepTimeTransactions(Protocol):
    def begin(self) -> AbstractContextManager[KeepTimeTx]:
        """Over all tenants."""
        ...


def keep_time(transactions: KeepTimeTransactions) -> int:
    """Look at the limits of the cases that are due; gives how many were changed."""
    with transactions.begin() as tx:
        now, calendars = tx.clock.now(), [tx.engine.calendar, *tx.engine.calendars.values()]
        years = {year for calendar in calendars for year in calendar.years or ()}
        cases = tx.cases.lock_many(set(tx.clocks.due(now, years, AT_ONCE)))
        changed = [progress for case in cases.values() if look(progress := progress_of(tx, case))]
        save_all(tx, changed, {})
        return len(changed)


def look(progress: Progress) -> bool:
    """Draw the conclusions of the time; tells whether there were any."""
    before = _times(progress.case)
    if course.is_deemed(progress):
        course.accept(progress)
    clock.set_pending_steps(progress)
    clock.wind(progress)
    clock.due_warnings(progress)
    course.follow(progress)
    return before != _times(progress.case)


def _times(case: Case) -> object:
    return case.handling, case.look_at, case.pending_year, [task.limit_at for task in case.tasks]
