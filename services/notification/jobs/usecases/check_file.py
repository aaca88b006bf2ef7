"""Check a whole file before anything is sent: each row is composed as it would be sent, and thrown away."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from services.notification.common.errors import AddressInvalid
from services.notification.jobs.domain.columns import ADDRESS, Columns, problem_of, read_columns, shown
from services.notification.jobs.domain.job import CHECKING, MOST_ROWS, PAUSED, REFUSED, SENDING, Job, move
from services.notification.jobs.domain.problems import OF_WHOLE_FILE, TEXTS, Problem, Problems
from services.notification.jobs.domain.recipients_file import FileBroken, encoding_of, rows_of
from services.notification.jobs.domain.seen_rows import SeenRows
from services.notification.jobs.usecases.ports import Files, WorkedJobs
from services.notification.jobs.usecases.rows import Composer, ComposeRowsTx, composer_of
from shared_components.kernel.errors import AppError
from shared_components.kernel.transactions import Begins

BREATH = 20
"""Rows between two breaths: other work of the process goes on in between."""


class CheckFileTx(ComposeRowsTx, Protocol):
    """The part of a transaction that checking a file needs."""

    @property
    def jobs(self) -> WorkedJobs: ...


@dataclass(slots=True)
class Checked:
    """Findings of a check. rows: with recipients."""

    encoding: str | None = None
    rows: int = 0
    problems: Problems = field(default_factory=Problems)


def check_file(transactions: Begins[CheckFileTx], files: Files, job: Job, breathe: Callable[[], None]) -> None:
    """Refuse the job with a report, or let it be sent. A check that is broken off begins again."""
    with transactions.begin(job.tenant) as tx:
        composer = composer_of(tx, job)
    checked = checked_file(composer, lambda: files.pieces(job), breathe)
    with transactions.begin(job.tenant) as tx:
        now = tx.jobs.lock(job.job_id)
        if now.state != CHECKING:
            return
        at, problems = tx.clock.now(), checked.problems
        target = REFUSED if problems.total else PAUSED if now.hold else SENDING
        tx.jobs.save(replace(
            move(now, target, at), encoding=checked.encoding, rows=checked.rows, checked_at=at,
            problem_count=problems.total, problem_counts=problems.counted()))
        tx.jobs.add_problems(job, problems.kept)


def checked_file(
    composer: Composer, pieces: Callable[[], Iterator[bytes]], breathe: Callable[[], None] = lambda: None,
) -> Checked:
    """pieces: gives the file from its beginning, each time that it is called."""
    checked = Checked()
    try:
        checked.encoding = encoding_of(pieces())
        _check_rows(composer, rows_of(pieces(), checked.encoding), checked, breathe)
    except FileBroken as broken:
        checked.problems.add(Problem(broken.code, broken.row))
    return checked


def _check_rows(
    composer: Composer, rows: Iterator[tuple[int, list[str]]], checked: Checked, breathe: Callable[[], None],
) -> None:
    columns: Columns | None = None
    seen, problems = SeenRows(), checked.problems
    for number, cells in rows:
        if columns is None:
            columns, wrong = read_columns(cells, composer.placeholders)
            for one in wrong:
                problems.add(one)
            if wrong:
                return
            continue
        if checked.rows == MOST_ROWS:
            problems.add(Problem("rows-too-many", number))
            return
        checked.rows += 1
        if checked.rows % BREATH == 0:
            breathe()
        for one in problems_of_row(composer, columns, seen, number, checked.rows, cells):
            problems.add(one)
            if one.code in OF_WHOLE_FILE:
                return
        if problems.is_full:
            problems.add(Problem("problems-too-many", number))
            return
    if not checked.rows:
        problems.add(Problem("file-empty"))


def problems_of_row(
    composer: Composer, columns: Columns, seen: SeenRows, number: int, recipient: int, cells: list[str],
) -> list[Problem]:
    """number: as a spreadsheet shows it. recipient: 1 and up, of rows that are not blank."""
    if len(cells) != len(columns.names):
        return [Problem("row-ragged", number)]
    values = columns.by_name(cells)
    if not seen.is_new(list(values.values())):
        return [Problem("row-twice", number)]
    problems = [
        Problem(code, number, shown(name)) for name, value in values.items()
        if (code := problem_of(name, value, needed=name in columns.needed)) is not None]
    if problems:
        return problems
    try:
        composer.message(recipient, values)
    except AppError as error:
        code = error.code.partition(".")[2]
        if code not in TEXTS:
            raise
        return [Problem(code, number, ADDRESS if isinstance(error, AddressInvalid) else None)]
    return []
