"""Sign-in methods in SQL. A secret is sealed with its row's id."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Select, delete, insert, select, update
from sqlalchemy.orm import Session

from services.identity.credentials.domain.credential import ACTIVE, PASSWORD, Credential
from services.identity.credentials.models import CredentialRow as Row
from shared_components.db import hold_key
from shared_components.security import Secrets


class SqlCredentials:
    def __init__(self, session: Session, secrets: Secrets) -> None:
        self._session, self._secrets = session, secrets

    def password(self, subject_id: str | None) -> Credential | None:
        found = self._all(select(Row).where(Row.subject_id == (subject_id or ""), Row.kind == PASSWORD))
        return found[0] if found else None

    def of(self, subject_id: str) -> Sequence[Credential]:
        return self._all(select(Row).where(Row.subject_id == subject_id).order_by(Row.credential_id))

    def lock(self, subject_id: str) -> Sequence[Credential]:
        hold_key(self._session, "credentials", subject_id)
        return self.of(subject_id)

    def by_lookup(self, population: str, kind: str, value: str) -> Credential | None:
        found = self._all(select(Row).where(
            Row.tenant_id == population, Row.lookup == self.lookup(population, kind, value), Row.state == ACTIVE))
        return found[0] if found else None

    def lookup(self, population: str, kind: str, value: str) -> str:
        return self._secrets.blind_index(population, f"credential:{kind}", value)

    def add(self, credentials: Sequence[Credential]) -> None:
        self._session.execute(insert(Row), [self._row(each) for each in credentials])

    def save(self, credential: Credential) -> None:
        values = self._row(credential)
        self._session.execute(
            update(Row).where(Row.credential_id == credential.credential_id)
            .values({name: values[name] for name in ("state", "name", "secret", "counter", "changed_at")})
            .execution_options(synchronize_session=False))

    def advance(self, credential: Credential, counter: int, at: datetime) -> bool:
        done = self._session.execute(
            update(Row).where(Row.credential_id == credential.credential_id, Row.counter < counter)
            .values(counter=counter, used_at=at).execution_options(synchronize_session=False))
        return isinstance(done, CursorResult) and done.rowcount == 1

    def touch(self, credential_id: str, at: datetime) -> None:
        self._session.execute(
            update(Row).where(Row.credential_id == credential_id).values(used_at=at)
            .execution_options(synchronize_session=False))

    def remove(self, credential_ids: Collection[str]) -> None:
        self._session.execute(
            delete(Row).where(Row.credential_id.in_(sorted(credential_ids)))
            .execution_options(synchronize_session=False))

    def _all(self, query: Select[Row]) -> list[Credential]:
        rows = self._session.execute(query.execution_options(populate_existing=True)).scalars()
        return [self._credential(row) for row in rows]

    def _row(self, item: Credential) -> dict[str, Any]:
        aad = _aad(item.credential_id)
        sealed = None if item.secret is None else self._secrets.fields.encrypt(item.secret, aad=aad)
        return {
            "credential_id": item.credential_id, "tenant_id": item.population, "subject_id": item.subject_id,
            "kind": item.kind, "state": item.state, "name": item.name, "secret": sealed, "lookup": item.lookup,
            "counter": item.counter, "created_at": item.created_at, "changed_at": item.changed_at,
            "used_at": item.used_at,
        }

    def _credential(self, row: Row) -> Credential:
        secret = None if row.secret is None else self._secrets.fields.decrypt(row.secret, aad=_aad(row.credential_id))
        return Credential(
            row.credential_id, row.tenant_id, row.subject_id, row.kind, row.created_at, row.changed_at, secret,
            row.lookup, row.name, row.state, row.counter, row.used_at)


def _aad(credential_id: str) -> str:
    return f"{credential_id}/secret"
