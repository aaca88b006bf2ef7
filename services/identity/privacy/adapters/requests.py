"""Personal-information requests in SQL. A permit opens them for the person and the keeping department's officers."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import orjson
from sqlalchemy import Select, Table, insert, select, update
from sqlalchemy.orm import Session

from services.identity.privacy.domain import states
from services.identity.privacy.domain.errors import PersonalRequestNotFound
from services.identity.privacy.domain.request import PersonalRequest
from services.identity.privacy.models import PersonalRequestRow as Row
from shared_components.db.load_many import ByKey, Reading, load_many, open_row
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.security import Secrets
from shared_components.security.authority import Facts

TABLE = cast(Table, Row.__table__)
BY_ID = ByKey(TABLE, "request_id", anywhere=True)


class SqlPersonalRequests:
    def __init__(self, session: Session, secrets: Secrets) -> None:
        self._session, self._secrets = session, secrets
        self._reading = Reading(facts_of_row, self._open)

    def add(self, request: PersonalRequest) -> None:
        self._session.execute(insert(Row).values(
            request_id=request.request_id, tenant_id=request.population, keeper=request.keeper,
            subject_id=request.subject_id, kind=request.kind, state=request.state, revision=request.revision,
            content=self._seal(request), submitted_at=request.submitted_at, due_at=request.due_at,
            decided_at=request.decided_at, decided_by=request.decided_by))

    def save(self, request: PersonalRequest) -> None:
        self._session.execute(
            update(Row).where(Row.request_id == request.request_id)
            .values(state=request.state, revision=request.revision, content=self._seal(request),
                    decided_at=request.decided_at, decided_by=request.decided_by)
            .execution_options(synchronize_session=False))

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[PersonalRequest | AppError]:
        return load_many(self._session, BY_ID, asked, self._reading, PersonalRequestNotFound)

    def lock(self, request_id: str) -> PersonalRequest | None:
        found = self._all(select(TABLE).where(Row.request_id == request_id).with_for_update())
        return found[0] if found else None

    def has_open(self, subject_id: str, kind: str) -> bool:
        query = select(Row.request_id).where(
            Row.subject_id == subject_id, Row.kind == kind, Row.state == states.SUBMITTED)
        return self._session.execute(query.limit(1)).first() is not None

    def page(
        self, context: CallContext, *, subject_id: str | None, keeper: str | None, state: str | None,
        before: str | None, limit: int,
    ) -> Sequence[PersonalRequest]:
        query = select(TABLE)
        for column, value in ((Row.subject_id, subject_id), (Row.keeper, keeper), (Row.state, state)):
            if value is not None:
                query = query.where(column == value)
        if before is not None:
            query = query.where(Row.request_id < before)
        rows = self._session.execute(query.order_by(Row.request_id.desc()).limit(limit)).all()
        return [found for row in rows if (found := open_row(context, self._reading.seal(row))) is not None]

    def of(self, subject_id: str) -> Sequence[PersonalRequest]:
        return self._all(select(TABLE).where(Row.subject_id == subject_id).order_by(Row.request_id).limit(1001))

    def _all(self, query: Select[Any]) -> list[PersonalRequest]:
        return [self._open(row) for row in self._session.execute(query)]

    def _seal(self, request: PersonalRequest) -> bytes:
        said = orjson.dumps([request.explanation, dict(request.corrections), request.reason]).decode()
        return self._secrets.fields.encrypt(said, aad=f"{request.request_id}/content")

    def _open(self, row: Any) -> PersonalRequest:
        explanation, corrections, reason = orjson.loads(
            self._secrets.fields.decrypt(row.content, aad=f"{row.request_id}/content"))
        return PersonalRequest(
            request_id=row.request_id, population=row.tenant_id, keeper=row.keeper, subject_id=row.subject_id,
            kind=row.kind, submitted_at=row.submitted_at, due_at=row.due_at, explanation=explanation,
            corrections=corrections, state=row.state, revision=row.revision, decided_at=row.decided_at,
            decided_by=row.decided_by, reason=reason)


def facts_of_row(row: Any) -> Facts:
    """Give the facts: the keeping department's officers decide, and the person sees it."""
    return Facts(row.keeper, {"subject": row.subject_id}, thing=row.request_id)
