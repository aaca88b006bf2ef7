"""Accept the rows of a job as messages, a chunk a transaction; a row that is accepted twice is one message.

A process that dies between a chunk and the note about it leaves rows that the next process accepts again, and so do two
processes at one job. The ids of messages are a function of job and row, and unique: a row is added once.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import islice
from typing import Protocol

from services.notification.jobs.domain.columns import read_columns
from services.notification.jobs.domain.job import FINISHED, SENDING, Job, message_id_of, move
from services.notification.jobs.domain.recipients_file import rows_of
from services.notification.jobs.usecases.ports import Files, WorkedJobs
from services.notification.jobs.usecases.rows import Composer, ComposeRowsTx, MakeId, composer_of
from services.notification.messages.domain.message import Message, place
from services.notification.messages.usecases.events import emit_message_changed
from services.notification.messages.usecases.send import DELIVERY_GRACE
from shared_components.kernel.transactions import Begins, HasEvents

CHUNK = 200
WINDOW = 5_000
"""Messages of a job that wait for their delivery: no more rows are accepted while there are so many."""
Row = tuple[int, Mapping[str, str]]
"""Number of a recipient, 1 and up; values by column."""


class MessagesOfJob(Protocol):
    def add_new(self, messages: Sequence[Message]) -> AbstractSet[str]:
        """Add those whose id is not there yet; gives their ids."""
        ...

    def waiting_of_job(self, job_id: str, most: int) -> int:
        """How many wait for their delivery, counted up to `most`."""
        ...


class AcceptRowsTx(ComposeRowsTx, HasEvents, Protocol):
    """The part of a transaction that accepting rows needs."""

    @property
    def jobs(self) -> WorkedJobs: ...

    @property
    def messages(self) -> MessagesOfJob: ...


def accept_rows(
    transactions: Begins[AcceptRowsTx], files: Files, job: Job, goes_on: Callable[[], bool], *,
    make_id: MakeId = message_id_of,
) -> bool:
    """Accept rows until there are no more, the job was stopped, or goes_on, asked after each chunk, gives False.

    Gives whether the job may go on at once. Raises FileBroken where the file is gone or was changed.
    """
    with transactions.begin(job.tenant) as tx:
        composer = composer_of(tx, job, make_id)
    rows = rows_to_accept(composer, files.pieces(job), job)
    while chunk := list(islice(rows, CHUNK)):
        with transactions.begin(job.tenant) as tx:
            if not _accept(tx, composer, chunk):
                return False
        if not _note(transactions, job, chunk[-1][0]):
            return False
        if not goes_on():
            return True
    # Nothing was left to accept: it was paused with its last row, or the process died before the note.
    return _note(transactions, job, job.rows or 0)


def rows_to_accept(composer: Composer, pieces: Iterator[bytes], job: Job) -> Iterator[Row]:
    """The rows after those that were noted as accepted."""
    rows = rows_of(pieces, job.encoding or "")
    _, names = next(rows)
    columns, _ = read_columns(names, composer.placeholders)
    for recipient, (_, cells) in enumerate(rows, start=1):
        if recipient > job.accepted:
            yield recipient, columns.by_name(cells)


def _accept(tx: AcceptRowsTx, composer: Composer, chunk: Sequence[Row]) -> bool:
    """False where the job was stopped: pause_job and cancel_job wait for this transaction, and then hold."""
    job = composer.job
    if tx.jobs.share(job.job_id).state != SENDING:
        return False
    at, placed = tx.clock.now(), {}
    for recipient, values in chunk:
        composed = replace(composer.message(recipient, dict(values)), created_at=at, job_id=job.job_id)
        message, event = place(composed, at=at, grace=DELIVERY_GRACE, recipient_known=False)
        placed[message.message_id] = message, event
    new = tx.messages.add_new([message for message, _ in placed.values()])
    for message, event in placed.values():
        if message.message_id in new:
            emit_message_changed(tx, event, message)
    return True


def _note(transactions: Begins[AcceptRowsTx], job: Job, accepted: int) -> bool:
    """Note how far the job is; False where it is over, or has to wait for its messages.

    In a transaction of its own: two processes that share the job's row could not both change it.
    """
    with transactions.begin(job.tenant) as tx:
        tx.jobs.advance(job.job_id, accepted)
        if accepted == job.rows:
            now = tx.jobs.lock(job.job_id)
            if now.state == SENDING:
                tx.jobs.save(move(now, FINISHED, tx.clock.now()))
            return False
        return tx.messages.waiting_of_job(job.job_id, WINDOW) < WINDOW
