"""Accounts by identifiers: documents, usernames, mobile numbers and e-mail addresses, each by its blind index."""
from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, and_, delete, func, insert, or_, select, tuple_, union
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.identity.credentials.domain.errors import UsernameTaken
from services.identity.credentials.domain.identifiers import USERNAME, Meant
from services.identity.credentials.models import IdentifierRow as Row
from services.identity.subjects.domain.states import CLOSED
from services.identity.subjects.models import DocumentRow, SubjectRow
from shared_components.db import insert_new
from shared_components.security import Secrets

_NOTHING = ("", "")


class SqlAccounts:
    def __init__(self, session: Session, secrets: Secrets) -> None:
        self._session, self._secrets = session, secrets

    def find(self, population: str, meant: Meant) -> str | None:
        contacts = [(kind, self._index(population, kind, value)) for kind, value in meant.contacts] or [_NOTHING]
        numbers = [
            (kind, self._secrets.blind_index(population, f"id:{kind}", value)) for kind, value in meant.documents
        ] or [_NOTHING]
        named = select(Row.subject_id).where(
            Row.tenant_id == population, tuple_(Row.kind, Row.value_index).in_(contacts))
        carded = select(DocumentRow.subject_id).where(or_(
            and_(DocumentRow.population == population,
                 tuple_(DocumentRow.id_type, DocumentRow.population_index).in_(numbers)),
            # Before `migrate-subjects`, and where there is no realm, the tenant that registered has the index.
            and_(DocumentRow.tenant_id == population,
                 tuple_(DocumentRow.id_type, DocumentRow.number_index).in_(numbers)),
        ))
        found = union(named, carded).subquery()
        whole = func.coalesce(SubjectRow.merged_into, SubjectRow.subject_id)
        query = select(whole).join(found, found.c.subject_id == SubjectRow.subject_id).where(
            or_(SubjectRow.state != CLOSED, SubjectRow.merged_into.is_not(None))).distinct().limit(2)
        ids = self._session.execute(query).scalars().all()
        return ids[0] if len(ids) == 1 else None

    def identifiers(self, population: str, subject_id: str) -> Sequence[str]:
        rows = self._session.execute(select(Row.sealed).where(
            Row.tenant_id == population, Row.subject_id == subject_id, Row.kind == USERNAME)).scalars()
        return [self._secrets.fields.decrypt(sealed, aad=f"{subject_id}/username") for sealed in rows if sealed]

    def set_username(self, population: str, subject_id: str, name: str) -> None:
        self._forget(subject_id, [USERNAME])
        sealed = self._secrets.fields.encrypt(name, aad=f"{subject_id}/username")
        row = {**self._row(population, subject_id, USERNAME, name), "sealed": sealed}
        try:
            with self._session.begin_nested():
                self._session.execute(insert(Row).values(**row))
        except IntegrityError:
            raise UsernameTaken from None

    def set_contacts(self, population: str, subject_id: str, contacts: Sequence[tuple[str, str]]) -> None:
        self._forget(subject_id, ["mobile", "email"])
        insert_new(self._session, cast(Table, Row.__table__), [
            {**self._row(population, subject_id, kind, value), "sealed": None} for kind, value in contacts])

    def next_subjects(self, after: str, limit: int) -> Sequence[tuple[str, str]]:
        rows = self._session.execute(
            select(SubjectRow.tenant_id, SubjectRow.subject_id).where(SubjectRow.subject_id > after)
            .order_by(SubjectRow.subject_id).limit(limit)).all()
        return [(row.tenant_id, row.subject_id) for row in rows]

    def forget(self, subject_id: str) -> None:
        self._forget(subject_id, [USERNAME, "mobile", "email"])

    def _row(self, population: str, subject_id: str, kind: str, value: str) -> dict[str, str]:
        return {"tenant_id": population, "kind": kind, "value_index": self._index(population, kind, value),
                "subject_id": subject_id}

    def _forget(self, subject_id: str, kinds: Sequence[str]) -> None:
        # In whichever population the subject was before it moved.
        self._session.execute(
            delete(Row).where(Row.subject_id == subject_id, Row.kind.in_(kinds))
            .execution_options(synchronize_session=False))

    def _index(self, population: str, kind: str, value: str) -> str:
        return self._secrets.blind_index(population, f"sign-in:{kind}", value)
