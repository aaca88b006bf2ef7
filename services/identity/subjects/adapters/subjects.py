"""Subjects in SQL: two rows each, read with one statement."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Select, Table, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.identity.subjects.adapters.field_encryption import FieldEncryption
from services.identity.subjects.adapters.rows import change_row, document_row, standing_out, subject_of, subject_row
from services.identity.subjects.domain.errors import AlreadyRegistered, SubjectNotFound
from services.identity.subjects.domain.subject import Change, Subject
from services.identity.subjects.models import ChangeRow, DocumentRow, SubjectRow
from shared_components.db.load_many import ByKey, Reading, load_many
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.security.authority import Facts

_READ = select(SubjectRow, DocumentRow.number).join(
    DocumentRow,
    (DocumentRow.subject_id == SubjectRow.subject_id) & (DocumentRow.id_type == SubjectRow.primary_id_type),
)
SUBJECTS, DOCUMENTS = cast(Table, SubjectRow.__table__), cast(Table, DocumentRow.__table__)
BY_ID = ByKey(SUBJECTS, "subject_id", query=select(SUBJECTS, DOCUMENTS.c.number).join(
    DOCUMENTS,
    (DOCUMENTS.c.subject_id == SUBJECTS.c.subject_id) & (DOCUMENTS.c.id_type == SUBJECTS.c.primary_id_type)))


class SqlSubjects:
    def __init__(self, session: Session, cipher: FieldEncryption) -> None:
        self._session = session
        self._cipher = cipher

    def add(self, subject: Subject, change: Change) -> None:
        try:
            self._session.execute(insert(SubjectRow).values(**subject_row(subject, self._cipher)))
            self._session.execute(insert(DocumentRow).values(**document_row(subject, self._cipher)))
        except IntegrityError:
            # `from None`: the driver's message holds the row. Another registration was faster than our look-up.
            raise AlreadyRegistered from None
        self._remember(subject, change)

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Subject | AppError]:
        reading = Reading(lambda row: Facts(row.tenant_id, {"subject": row.subject_id}), self._open)
        return load_many(self._session, BY_ID, asked, reading, SubjectNotFound)

    def _open(self, row: Any) -> Subject:
        return subject_of(row, row.number, self._cipher)

    def get(self, tenant: str, subject_id: str) -> Subject | None:
        return self._one(_READ.where(SubjectRow.tenant_id == tenant, SubjectRow.subject_id == subject_id))

    def lock(self, tenant: str, subject_id: str) -> Subject | None:
        query = _READ.where(SubjectRow.tenant_id == tenant, SubjectRow.subject_id == subject_id)
        return self._one(query.with_for_update(of=SubjectRow))

    def find(self, tenant: str, id_type: str, id_number: str) -> Subject | None:
        found = select(DocumentRow.subject_id).where(
            DocumentRow.tenant_id == tenant, DocumentRow.id_type == id_type,
            DocumentRow.number_index == self._cipher.index(tenant, id_type, id_number),
        )
        return self._one(_READ.where(SubjectRow.tenant_id == tenant, SubjectRow.subject_id == found.scalar_subquery()))

    def save(self, subject: Subject, change: Change) -> None:
        self._session.execute(
            update(SubjectRow)
            .where(SubjectRow.tenant_id == subject.tenant, SubjectRow.subject_id == subject.subject_id)
            .values(state=subject.state, standing=standing_out(subject.standing), revision=subject.revision,
                    updated_at=change.at)
            .execution_options(synchronize_session=False)
        )
        self._remember(subject, change)

    def _remember(self, subject: Subject, change: Change) -> None:
        self._session.execute(insert(ChangeRow).values(**change_row(subject, change)))

    def _one(self, query: Select[SubjectRow, bytes]) -> Subject | None:
        found = self._session.execute(query.execution_options(populate_existing=True)).one_or_none()
        return None if found is None else subject_of(found[0], found[1], self._cipher)
