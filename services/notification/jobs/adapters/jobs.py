"""Jobs in the database."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Select, and_, func, insert, or_, select, update
from sqlalchemy.orm import Session

from services.notification.jobs.domain.errors import JobUnknown
from services.notification.jobs.domain.job import AWAITED, CANCELLED, JOB, OPEN_STATES, WORKED_AT, Job, move
from services.notification.jobs.domain.problems import Problem, ProblemCount
from services.notification.jobs.models import JobProblemRow, JobRow
from services.notification.jobs.usecases.ports import JobFilter, Numbered
from services.notification.templates.domain.template import TemplateKey
from shared_components.db import hold_key, table_of
from shared_components.db.load_many import ByKey, Columns, Lists, Reading, load_lists, load_many, open_found
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError, NotFound
from shared_components.security import Secrets
from shared_components.security.authority import Facts
from shared_components.security.authority.search import search, searched_tenant

J, P = table_of(JobRow), table_of(JobProblemRow)
BY_ID = ByKey(J, "job_id")
PLAIN = (
    "job_id", "app", "template_version", "reference", "hold", "state", "size", "content_id", "ticket_digest",
    "ticket_until", "encoding", "rows", "accepted", "problem_count", "created_at", "checked_at", "finished_at",
)
CHANGING = ("state", "hold", "encoding", "rows", "problem_count", "checked_at", "finished_at")


def _newest_first(asked: Columns) -> Select[Any]:
    query = select(J).where(J.c.tenant_id == asked["tenant"])
    if "maker" in asked:
        query = query.where(J.c.app == asked["maker"])
    if "before" in asked:
        query = query.where(J.c.job_id < asked["before"])
    return query.order_by(J.c.job_id.desc())


NEWEST_FIRST = Lists(_newest_first)


class SqlJobs:
    def __init__(self, session: Session, secrets: Secrets) -> None:
        self._session, self._secrets = session, secrets
        self._reading = Reading(_facts, self._job)

    def add(self, job: Job) -> None:
        sealed = self._secrets.fields.encrypt(job.key.hex(), aad=_aad(job.job_id))
        key = job.template
        self._session.execute(insert(J).values(
            tenant_id=job.tenant, channel=key.channel, template_app=key.app, template_code=key.code,
            locale=key.locale, sealed=sealed, problem_counts=_written(job.problem_counts), taken_until=job.created_at,
            **{name: getattr(job, name) for name in PLAIN}))

    def count_open_alone(self, tenant: str, app: str) -> int:
        hold_key(self._session, "jobs", tenant, app)
        is_open = (J.c.tenant_id == tenant, J.c.app == app, J.c.state.in_(OPEN_STATES))
        return self._session.scalar(select(func.count()).select_from(J).where(*is_open)) or 0

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Job | AppError]:
        found = load_many(self._session, BY_ID, asked, self._reading, NotFound)
        return [
            unknown_job(job_id) if isinstance(one, NotFound) else one
            for (_, job_id), one in zip(asked, found, strict=True)]

    def lock_for(self, context: CallContext, job_id: str) -> Job:
        query = select(J).where(J.c.tenant_id == searched_tenant(context), J.c.job_id == job_id)
        row = self._session.execute(query.with_for_update()).first()
        return open_found(context, None if row is None else self._reading.seal(row), unknown_job(job_id))

    def pages(self, asked: Sequence[tuple[CallContext, JobFilter]]) -> list[list[Job]]:
        return load_lists(self._session, NEWEST_FIRST, [
            (context, {"maker": search(context).maker, "before": wanted.after}, wanted.limit)
            for context, wanted in asked], self._reading)

    def problems(self, job_id: str, after: int, limit: int) -> list[Numbered]:
        query = select(P).where(P.c.job_id == job_id, P.c.number > after).order_by(P.c.number).limit(limit)
        return [
            Numbered(row.number, Problem(row.code, row.row_number, row.column_name))
            for row in self._session.execute(query)]

    def by_ticket(self, digest: str) -> Job | None:
        row = self._session.execute(select(J).where(J.c.ticket_digest == digest)).first()
        return None if row is None else self._job(row)

    def lock(self, job_id: str) -> Job:
        return self._job(self._session.execute(select(J).where(J.c.job_id == job_id).with_for_update()).one())

    def share(self, job_id: str) -> Job:
        query = select(J).where(J.c.job_id == job_id).with_for_update(read=True)
        return self._job(self._session.execute(query).one())

    def save(self, job: Job) -> None:
        self._session.execute(update(J).where(J.c.job_id == job.job_id).values(
            problem_counts=_written(job.problem_counts), **{name: getattr(job, name) for name in CHANGING}))

    def advance(self, job_id: str, accepted: int) -> None:
        self._session.execute(
            update(J).where(J.c.job_id == job_id, J.c.accepted < accepted).values(accepted=accepted))

    def add_problems(self, job: Job, problems: Sequence[Problem]) -> None:
        if problems:
            self._session.execute(insert(P), [
                {"job_id": job.job_id, "number": number, "tenant_id": job.tenant, "code": one.code,
                 "row_number": one.row, "column_name": one.column} for number, one in enumerate(problems, start=1)])

    def take(self, at: datetime, until: datetime) -> Job | None:
        waiting = select(J).where(J.c.content_id.is_not(None), J.c.state.in_(WORKED_AT), J.c.taken_until <= at)
        row = self._session.execute(
            waiting.order_by(J.c.taken_until, J.c.job_id).limit(1).with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        self.hold_on(row.job_id, until)
        return self._job(row)

    def hold_on(self, job_id: str, until: datetime) -> None:
        self._session.execute(update(J).where(J.c.job_id == job_id).values(taken_until=until))

    def ended_with_file(self, late: datetime, limit: int) -> list[Job]:
        never_came = and_(J.c.state == AWAITED, J.c.ticket_until < late)
        query = select(J).where(J.c.content_id.is_not(None), or_(J.c.state.in_(JOB.final), never_came))
        return [self._job(row) for row in self._session.execute(query.order_by(J.c.job_id).limit(limit))]

    def drop_file(self, job_id: str, at: datetime) -> None:
        job = self.lock(job_id)
        if job.state == AWAITED:
            self.save(move(job, CANCELLED, at))
        self._session.execute(update(J).where(J.c.job_id == job_id).values(content_id=None))

    def _job(self, row: Any) -> Job:
        key = self._secrets.fields.decrypt(row.sealed, aad=_aad(row.job_id))
        counts = tuple(ProblemCount(*one) for one in orjson.loads(row.problem_counts))
        template = TemplateKey(row.tenant_id, row.template_app, row.template_code, row.channel, row.locale)
        return Job(
            tenant=row.tenant_id, template=template, key=bytes.fromhex(key), problem_counts=counts,
            **{name: getattr(row, name) for name in PLAIN})


def unknown_job(job_id: str) -> JobUnknown:
    """The same error for a job that does not exist and for one that the caller may not see."""
    return JobUnknown(Bilingual(
        f"job {job_id[:48]!r} does not exist; list_jobs gives those that do",
        f"批量任务“{job_id[:48]}”不存在；现有任务见 list_jobs"))


def _facts(row: Any) -> Facts:
    return Facts(row.tenant_id, made_by=row.app, thing=row.job_id)


def _aad(job_id: str) -> str:
    return f"{job_id}/job"


def _written(counts: Sequence[ProblemCount]) -> str:
    return orjson.dumps([astuple(one) for one in counts]).decode()
