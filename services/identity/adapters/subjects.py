"""Subjects in SQL: two rows each, read with one statement."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.identity.domain.errors import AlreadyRegistered
from services.identity.domain.levels import Standing
from services.identity.domain.subject import Change, Subject
from services.identity.models import ChangeRow, DocumentRow, SubjectRow
from shared_components.security import Secrets

_READ = select(SubjectRow, DocumentRow.number).join(
    DocumentRow,
    (DocumentRow.subject_id == SubjectRow.subject_id) & (DocumentRow.id_type == SubjectRow.primary_id_type),
)


class SqlSubjects:
    def __init__(self, session: Session, secrets: Secrets) -> None:
        self._session = session
        self._secrets = secrets

    def add(self, subject: Subject, change: Change) -> None:
        try:
            self._session.execute(insert(SubjectRow).values(**self._row(subject)))
            self._session.execute(insert(DocumentRow).values(
                subject_id=subject.subject_id, id_type=subject.id_type, tenant_id=subject.tenant,
                number=self._seal(subject, "id_number", subject.id_number),
                number_index=self._index(subject.tenant, subject.id_type, subject.id_number),
            ))
        except IntegrityError:
            # `from None`: the driver's message holds the row. Another registration was faster than our look-up.
            raise AlreadyRegistered from None
        self._remember(subject, change)

    def get(self, tenant: str, subject_id: str) -> Subject | None:
        return self._one(_READ.where(SubjectRow.tenant_id == tenant, SubjectRow.subject_id == subject_id))

    def lock(self, tenant: str, subject_id: str) -> Subject | None:
        query = _READ.where(SubjectRow.tenant_id == tenant, SubjectRow.subject_id == subject_id)
        return self._one(query.with_for_update(of=SubjectRow))

    def find(self, tenant: str, id_type: str, id_number: str) -> Subject | None:
        found = select(DocumentRow.subject_id).where(
            DocumentRow.tenant_id == tenant, DocumentRow.id_type == id_type,
            DocumentRow.number_index == self._index(tenant, id_type, id_number),
        )
        return self._one(_READ.where(SubjectRow.tenant_id == tenant, SubjectRow.subject_id == found.scalar_subquery()))

    def save(self, subject: Subject, change: Change) -> None:
        self._session.execute(
            update(SubjectRow)
            .where(SubjectRow.tenant_id == subject.tenant, SubjectRow.subject_id == subject.subject_id)
            .values(state=subject.state, standing=_standing_out(subject.standing), revision=subject.revision,
                    updated_at=change.at)
            .execution_options(synchronize_session=False)
        )
        self._remember(subject, change)

    def _remember(self, subject: Subject, change: Change) -> None:
        self._session.execute(insert(ChangeRow).values(
            subject_id=subject.subject_id, revision=subject.revision, tenant_id=subject.tenant, what=change.what,
            facts=dict(change.facts), actor=change.actor, at=change.at,
        ))

    def _row(self, subject: Subject) -> dict[str, Any]:
        return {
            "subject_id": subject.subject_id, "tenant_id": subject.tenant, "kind": subject.kind,
            "state": subject.state, "standing": _standing_out(subject.standing), "primary_id_type": subject.id_type,
            "name": self._seal(subject, "name", subject.name),
            "mobile": self._seal(subject, "mobile", subject.mobile) if subject.mobile else None,
            "email": self._seal(subject, "email", subject.email) if subject.email else None,
            "locale": subject.locale, "revision": subject.revision, "created_at": subject.created_at,
            "updated_at": subject.created_at,
        }

    def _one(self, query: Select[SubjectRow, bytes]) -> Subject | None:
        found = self._session.execute(query.execution_options(populate_existing=True)).one_or_none()
        return None if found is None else self._subject(found[0], found[1])

    def _subject(self, row: SubjectRow, number: bytes) -> Subject:
        return Subject(
            subject_id=row.subject_id, tenant=row.tenant_id, kind=row.kind,
            name=self._open(row.subject_id, "name", row.name), id_type=row.primary_id_type,
            id_number=self._open(row.subject_id, "id_number", number),
            mobile=self._open(row.subject_id, "mobile", row.mobile) if row.mobile else None,
            email=self._open(row.subject_id, "email", row.email) if row.email else None,
            locale=row.locale, created_at=row.created_at, state=row.state, standing=_standing_in(row.standing),
            revision=row.revision,
        )

    def _seal(self, subject: Subject, field: str, text: str) -> bytes:
        return self._secrets.fields.encrypt(text, aad=f"{subject.subject_id}/{field}")

    def _open(self, subject_id: str, field: str, data: bytes) -> str:
        return self._secrets.fields.decrypt(data, aad=f"{subject_id}/{field}")

    def _index(self, tenant: str, id_type: str, id_number: str) -> str:
        return self._secrets.blind_index(tenant, f"id:{id_type}", id_number)


def _standing_out(standing: Standing) -> dict[str, str | None]:
    return {kind: until.isoformat() if until else None for kind, until in standing.items()}


def _standing_in(stored: Mapping[str, str | None]) -> dict[str, datetime | None]:
    return {kind: datetime.fromisoformat(until) if until else None for kind, until in stored.items()}
