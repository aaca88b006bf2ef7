"""Subjects in SQL: two rows each, read with one statement."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Select, Table, and_, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.identity.subjects.adapters.corrections import erase_personal_fields, store_personal_fields
from services.identity.subjects.adapters.field_encryption import FieldEncryption
from services.identity.subjects.adapters.populations import SqlPopulations
from services.identity.subjects.adapters.registrations import Registration, SqlRegistrations
from services.identity.subjects.adapters.rows import change_row, document_row, standing_out, subject_of, subject_row
from services.identity.subjects.adapters.sealing import Sight, department_of, facts_of, needs_sight
from services.identity.subjects.domain.errors import AlreadyRegistered, SubjectNotFound
from services.identity.subjects.domain.ports import SessionEndings
from services.identity.subjects.domain.subject import Change, Subject
from services.identity.subjects.models import ChangeRow, DocumentRow, SubjectRow
from shared_components.db.load_many import ByKey
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.security.authority import Sealed
from shared_components.security.authority.opening import open_asked

_READ = select(SubjectRow, DocumentRow.number).join(
    DocumentRow,
    (DocumentRow.subject_id == SubjectRow.subject_id) & (DocumentRow.id_type == SubjectRow.primary_id_type),
)
SUBJECTS, DOCUMENTS = cast(Table, SubjectRow.__table__), cast(Table, DocumentRow.__table__)
# A subject's id is unique in all tenants; the facts of its row and a permit decide who may see it.
BY_ID = ByKey(SUBJECTS, "subject_id", anywhere=True, query=select(SUBJECTS, DOCUMENTS.c.number).join(
    DOCUMENTS,
    (DOCUMENTS.c.subject_id == SUBJECTS.c.subject_id) & (DOCUMENTS.c.id_type == SUBJECTS.c.primary_id_type)))


class SqlSubjects:
    def __init__(
        self, session: Session, cipher: FieldEncryption, populations: SqlPopulations, endings: SessionEndings,
    ) -> None:
        self._session, self._endings = session, endings
        self._cipher = cipher
        self._populations = populations
        self._registrations = SqlRegistrations(session)

    def add(self, subject: Subject, change: Change) -> None:
        try:
            self._session.execute(insert(SubjectRow).values(**subject_row(subject, self._cipher)))
            self._session.execute(insert(DocumentRow).values(**document_row(subject, self._cipher)))
        except IntegrityError:
            # `from None`: the driver's message holds the row. Another registration was faster than our look-up.
            raise AlreadyRegistered from None
        self._remember(subject, change)

    def is_registered(self, subject: Subject, tenant: str, app: str) -> bool:
        if subject.tenant == tenant and subject.registered_by in (app, None):
            return True
        return Registration(subject.subject_id, tenant, app) in self._registrations.of([subject.subject_id], [tenant])

    def add_registration(self, subject: Subject, tenant: str, app: str, at: datetime) -> None:
        self._registrations.add(Registration(subject.subject_id, tenant, app), at)

    def read(self, asked: Sequence[tuple[CallContext, str]]) -> list[Subject | AppError]:
        rows = self._rows({subject_id for _, subject_id in asked})
        found = [(context, rows.get(subject_id)) for context, subject_id in asked]
        sight = self._sight([(context, row) for context, row in found if row is not None])
        return [self._opened(context, row, sight) for context, row in found]

    def get(self, tenant: str, subject_id: str) -> Subject | None:
        return self._one(self._within(tenant).where(SubjectRow.subject_id == subject_id))

    def lock(self, tenant: str, subject_id: str) -> Subject | None:
        return self._one(
            self._within(tenant).where(SubjectRow.subject_id == subject_id).with_for_update(of=SubjectRow))

    def find(self, tenant: str, id_type: str, id_number: str) -> Subject | None:
        population, index = self._populations.of([tenant])[tenant], self._cipher.index
        found = self._session.execute(select(DocumentRow.tenant_id, DocumentRow.subject_id).where(
            DocumentRow.id_type == id_type, or_(
                and_(DocumentRow.tenant_id == tenant, DocumentRow.number_index == index(tenant, id_type, id_number)),
                and_(DocumentRow.population == population,
                     DocumentRow.population_index == index(population, id_type, id_number)),
            ))).all()
        if not found:
            return None
        first = min(found, key=lambda row: row.tenant_id != tenant)
        subject = self.get(tenant, first.subject_id)
        return subject if subject is None or subject.merged_into is None else self.get(tenant, subject.merged_into)

    def save(self, subject: Subject, change: Change) -> None:
        self._session.execute(
            update(SubjectRow)
            .where(SubjectRow.tenant_id == subject.tenant, SubjectRow.subject_id == subject.subject_id)
            .values(state=subject.state, standing=standing_out(subject.standing), revision=subject.revision,
                    merged_into=subject.merged_into, updated_at=change.at)
            .execution_options(synchronize_session=False)
        )
        self._remember(subject, change)
        self._endings.subject_changed(subject)

    def correct(self, subject: Subject, change: Change) -> None:
        store_personal_fields(self._session, self._cipher, subject, change.at)
        self.save(subject, change)

    def erase(self, subject: Subject, change: Change) -> None:
        erase_personal_fields(self._session, self._cipher, subject, change.at)
        self.save(subject, change)

    def _rows(self, subject_ids: set[str]) -> Mapping[str, Row[Any]]:
        """The rows by the id that was asked; one more statement where subjects were merged."""
        rows = {key: row for (_, key), row in BY_ID.find(self._session, [(None, each) for each in subject_ids]).items()}
        merged = {key: row.merged_into for key, row in rows.items() if row.merged_into is not None}
        if merged:
            survivors = BY_ID.find(self._session, [(None, each) for each in set(merged.values())])
            rows |= {key: survivors[None, into] for key, into in merged.items() if (None, into) in survivors}
        return rows

    def _sight(self, found: Sequence[tuple[CallContext, Row[Any]]]) -> Sight:
        unclear = [(context, row) for context, row in found if needs_sight(context, row)]
        if not unclear:
            return Sight({}, frozenset())
        return Sight(
            self._populations.of({context.tenant for context, _ in unclear}),
            self._registrations.of(
                {row.subject_id for _, row in unclear}, {department_of(context) for context, _ in unclear}))

    def _opened(self, context: CallContext, row: Row[Any] | None, sight: Sight) -> Subject | AppError:
        sealed = None if row is None else Sealed(facts_of(context, row, sight), lambda: self._subject(row))
        try:
            return open_asked(context, sealed) or SubjectNotFound()
        except AppError as refusal:
            return refusal

    def _subject(self, row: Any) -> Subject:
        return subject_of(row, row.number, self._cipher)

    def _within(self, tenant: str) -> Select[SubjectRow, bytes]:
        """Subjects that the tenant registered, and those of its realm's population."""
        population = self._populations.of([tenant])[tenant]
        return _READ.where(or_(SubjectRow.tenant_id == tenant, SubjectRow.population == population))

    def _remember(self, subject: Subject, change: Change) -> None:
        self._session.execute(insert(ChangeRow).values(**change_row(subject, change)))

    def _one(self, query: Select[SubjectRow, bytes]) -> Subject | None:
        found = self._session.execute(query.execution_options(populate_existing=True)).one_or_none()
        return None if found is None else subject_of(found[0], found[1], self._cipher)
