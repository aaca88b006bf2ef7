"""Links of accounts with persons at other providers, in SQL."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.identity.upstream.domain.errors import LinkTaken
from services.identity.upstream.domain.ports import Link
from services.identity.upstream.models import LinkRow as Row
from shared_components.security import Secrets


class SqlLinks:
    def __init__(self, session: Session, secrets: Secrets) -> None:
        self._session, self._secrets = session, secrets

    def key_of(self, population: str, issuer: str, upstream_id: str) -> str:
        return self._secrets.blind_index(population, "upstream", f"{issuer}\n{upstream_id}")

    def find(self, population: str, upstream_key: str) -> Link | None:
        row = self._session.execute(select(Row).where(
            Row.tenant_id == population, Row.upstream_key == upstream_key)).scalar_one_or_none()
        return None if row is None else _link_of(row)

    def add(self, link: Link) -> None:
        try:
            self._session.execute(insert(Row).values(
                link_id=link.link_id, tenant_id=link.population, provider=link.provider,
                upstream_key=link.upstream_key, subject_id=link.subject_id, created_at=link.created_at,
                last_used_at=link.last_used_at))
        except IntegrityError:
            raise LinkTaken from None

    def used(self, link_id: str, at: datetime) -> None:
        self._change(update(Row).where(Row.link_id == link_id).values(last_used_at=at))

    def of(self, subject_id: str) -> Sequence[Link]:
        rows = self._session.execute(select(Row).where(Row.subject_id == subject_id).order_by(Row.link_id)).scalars()
        return [_link_of(row) for row in rows]

    def move(self, subject_id: str, survivor_id: str) -> None:
        self._change(update(Row).where(Row.subject_id == subject_id).values(subject_id=survivor_id))

    def remove(self, subject_id: str, link_id: str) -> bool:
        return self._change(delete(Row).where(Row.subject_id == subject_id, Row.link_id == link_id)) == 1

    def remove_all(self, subject_id: str) -> None:
        self._change(delete(Row).where(Row.subject_id == subject_id))

    def _change(self, statement: Any) -> int:
        done = self._session.execute(statement.execution_options(synchronize_session=False))
        return done.rowcount if isinstance(done, CursorResult) else 0


def _link_of(row: Row) -> Link:
    return Link(
        row.link_id, row.tenant_id, row.provider, row.upstream_key, row.subject_id, row.created_at, row.last_used_at)
