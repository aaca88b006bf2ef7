"""Corrected and erased personal fields of a subject, in SQL."""
from __future__ import annotations

from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.identity.subjects.adapters.field_encryption import FieldEncryption
from services.identity.subjects.domain.subject import Subject
from services.identity.subjects.models import DocumentRow, SubjectRow

ERASED = "—"
"""In place of a name and a number that were erased."""


def store_personal_fields(session: Session, cipher: FieldEncryption, subject: Subject, at: datetime) -> None:
    """Store name and contacts of a subject."""
    def seal(field: str, value: str | None) -> bytes | None:
        return cipher.seal(subject.subject_id, field, value) if value else None

    _update(session, subject, name=seal("name", subject.name), mobile=seal("mobile", subject.mobile),
            email=seal("email", subject.email), updated_at=at)


def erase_personal_fields(session: Session, cipher: FieldEncryption, subject: Subject, at: datetime) -> None:
    """Erase name, document and contacts. The document's indexes become those of nothing."""
    _update(
        session, subject, name=cipher.seal(subject.subject_id, "name", ERASED), mobile=None, email=None, updated_at=at)
    session.execute(
        update(DocumentRow).where(DocumentRow.subject_id == subject.subject_id)
        .values(number=cipher.seal(subject.subject_id, "id_number", ERASED), number_index=f"erased-{token_hex(24)}",
                population_index=None)
        .execution_options(synchronize_session=False))


def _update(session: Session, subject: Subject, **values: Any) -> None:
    session.execute(
        update(SubjectRow).where(SubjectRow.subject_id == subject.subject_id).values(**values)
        .execution_options(synchronize_session=False))
