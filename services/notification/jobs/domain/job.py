"""Jobs and their life, as a table."""
from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.notification.jobs.domain.problems import ProblemCount
from services.notification.templates.domain.template import TemplateKey
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.states import Edge, StateMachine

AWAITED, CHECKING, REFUSED = "awaiting-file", "checking", "refused"
SENDING, PAUSED, FINISHED, CANCELLED = "sending", "paused", "finished", "cancelled"

JOB = StateMachine(
    "job", AWAITED,
    [
        Edge(AWAITED, CHECKING, "job-checking"),
        Edge(AWAITED, CANCELLED, "job-cancelled"),
        Edge(CHECKING, REFUSED, "job-refused"),
        Edge(CHECKING, SENDING, "job-sending"),
        Edge(CHECKING, PAUSED, "job-paused"),
        Edge(CHECKING, CANCELLED, "job-cancelled"),
        Edge(SENDING, PAUSED, "job-paused"),
        Edge(SENDING, FINISHED, "job-finished"),
        Edge(SENDING, CANCELLED, "job-cancelled"),
        Edge(SENDING, REFUSED, "job-refused"),
        Edge(PAUSED, SENDING, "job-sending"),
        Edge(PAUSED, CANCELLED, "job-cancelled"),
    ],
    final=(REFUSED, FINISHED, CANCELLED),
)
WORKED_AT = (CHECKING, SENDING)
"""States in which the service has something to do for a job."""
OPEN_STATES = tuple(state for state in JOB.states if not JOB.is_final(state))

STATE_LABELS: Mapping[str, Bilingual] = {
    AWAITED: Bilingual("Waits for its file", "待上传名单"),
    CHECKING: Bilingual("Its file is being checked", "名单检查中"),
    REFUSED: Bilingual("Its file has problems", "名单有误"),
    SENDING: Bilingual("Being sent", "发送中"),
    PAUSED: Bilingual("Paused", "已暂停"),
    FINISHED: Bilingual("All rows accepted", "全部受理"),
    CANCELLED: Bilingual("Cancelled", "已取消"),
}
UPLOAD_FOR = timedelta(minutes=30)
LARGEST = 128 * 1024 * 1024
"""Bytes of a file: a million rows of a hundred bytes have room."""
MOST_ROWS = 1_000_000
MOST_OPEN = 10
"""Jobs of an app that are not over."""


@dataclass(frozen=True, slots=True)
class Job:
    """template: the version of the moment when the job was made; a newer one changes nothing for it.

    hold: whether it waits, once its file was checked. content_id: of the file in the store, None once it was removed.
    size: in bytes, as announced. encoding: of the file, once checked. rows: with recipients, once checked.
    accepted: rows that have become messages. taken_until: while a process works at it.
    """

    job_id: str
    tenant: str
    app: str
    template: TemplateKey
    template_version: int
    reference: str | None
    hold: bool
    state: str
    size: int
    content_id: str | None
    key: bytes = field(repr=False)
    ticket_digest: str = field(repr=False)
    ticket_until: datetime
    created_at: datetime
    encoding: str | None = None
    rows: int | None = None
    accepted: int = 0
    problem_count: int = 0
    problem_counts: tuple[ProblemCount, ...] = ()
    checked_at: datetime | None = None
    finished_at: datetime | None = None


def message_id_of(job_id: str, row: int) -> str:
    """The id of the message of a row: a function of both, so that a row that is accepted twice is one message.

    A UUID of version 8 that sorts by the job's time, then by row: 48 bits of time, 12 of a hash, the row in 20, 42 of
    the hash. row: 1 and up, at most MOST_ROWS.
    """
    time = int(job_id.partition("_")[2][:12], 16)
    hashed = int.from_bytes(hashlib.sha256(f"{job_id}/{row}".encode()).digest()[:8], "big")
    of_job = int.from_bytes(hashlib.sha256(job_id.encode()).digest()[:2], "big") & 0xFFF
    number = time << 80 | 0x8 << 76 | of_job << 64 | 0b10 << 62 | row << 42 | hashed & (1 << 42) - 1
    return f"msg_{number:032x}"


def move(job: Job, target: str, at: datetime) -> Job:
    """Raises IllegalTransition where the table has no such edge."""
    JOB.move(job.state, target)
    return replace(job, state=target, finished_at=at if JOB.is_final(target) else None)
