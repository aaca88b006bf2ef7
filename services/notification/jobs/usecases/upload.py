"""The gateway's part: what a ticket allows, and what came of it."""
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from services.notification.jobs.domain.errors import JobFileSizeDiffers, JobTicketInvalid
from services.notification.jobs.domain.job import AWAITED, CHECKING, Job, move
from services.notification.jobs.usecases.ports import HasJobs
from services.notification.jobs.usecases.views import JobView, job_view
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.transactions import HasClock
from shared_components.material_store import CSV


class UploadTx(HasClock, HasJobs, Protocol):
    """The part of a transaction that an upload uses."""


class UploadTransactions(Protocol):
    def begin(self, tenant: str | None = None) -> AbstractContextManager[UploadTx]:
        """tenant: None to look over all tenants."""
        ...


@dataclass(frozen=True, slots=True)
class JobByTicket:
    ticket: str


@dataclass(frozen=True, slots=True)
class FinishJobUpload:
    """size, media_type, sha256: of the file as it was received."""

    ticket: str
    size: int
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class JobTransferView:
    """For the gateway: what it is to receive. key: of the content, in hex."""

    content_id: str
    media_types: Sequence[str]
    size: int
    key: str = field(repr=False)


def open_job_upload(transactions: UploadTransactions, command: JobByTicket) -> JobTransferView:
    """Tell what may be uploaded; the ticket stays until the upload is finished. Raises JobTicketInvalid."""
    job = _awaited(transactions, command.ticket)
    return JobTransferView(job.content_id or "", [CSV], job.size, job.key.hex())


def finish_job_upload(transactions: UploadTransactions, command: FinishJobUpload, locale: str) -> JobView:
    """Let the file be checked. Raises JobTicketInvalid, JobFileSizeDiffers."""
    found = _awaited(transactions, command.ticket)
    with transactions.begin(found.tenant) as tx:
        job = tx.jobs.lock(found.job_id)
        if job.state != AWAITED:
            raise invalid_ticket()
        if command.size != job.size:
            raise JobFileSizeDiffers(Bilingual(
                f"file has {command.size} bytes; {job.size} were announced and are allowed",
                f"文件为 {command.size} 字节；只允许声明的 {job.size} 字节"))
        given = move(job, CHECKING, tx.clock.now())
        tx.jobs.save(given)
        return job_view(given, locale)


def digest_of(ticket: str) -> str:
    """Tickets are 256 random bits: a plain hash is enough."""
    return hashlib.sha256(ticket.encode()).hexdigest()


def invalid_ticket() -> JobTicketInvalid:
    return JobTicketInvalid(Bilingual(
        "ticket is unknown, used or has run out; create_job gives a new one",
        "凭证不存在、已使用或已过期；请重新调用 create_job"))


def _awaited(transactions: UploadTransactions, ticket: str) -> Job:
    with transactions.begin() as tx:
        job = tx.jobs.by_ticket(digest_of(ticket))
        if job is None or job.state != AWAITED or job.ticket_until <= tx.clock.now():
            raise invalid_ticket()
        return job
