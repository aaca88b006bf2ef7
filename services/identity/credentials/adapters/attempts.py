"""Attempts that count against limits: one statement takes one, so that no two take the same."""
from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import Any, cast

from sqlalchemy import Table, case, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.identity.credentials.domain.attempts import Limit
from services.identity.credentials.models import AttemptsRow as Row
from shared_components.security import Secrets

_TABLE = cast(Table, Row.__table__)
_INSERT: Any = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class SqlAttempts:
    def __init__(self, session: Session, secrets: Secrets) -> None:
        self._session, self._secrets = session, secrets

    def take(self, population: str, limit: Limit, value: str, at: datetime) -> bool:
        key = self._key(population, limit, value)
        free = _TABLE.c.last_at <= at - limit.window
        insert = _INSERT[self._session.get_bind().dialect.name](_TABLE).values(**key, taken=1, last_at=at)
        taken = insert.on_conflict_do_update(
            index_elements=["tenant_id", "scope", "key"],
            set_={"taken": case((free, 1), else_=_TABLE.c.taken + 1), "last_at": at},
            where=or_(free, _TABLE.c.taken < limit.attempts),
        ).returning(_TABLE.c.taken)
        return self._session.execute(taken).first() is not None

    def give_back(self, population: str, limit: Limit, value: str) -> None:
        self._session.execute(
            update(_TABLE).where(*self._is(population, limit, value), _TABLE.c.taken > 0)
            .values(taken=_TABLE.c.taken - 1))

    def clear(self, population: str, limit: Limit, value: str) -> None:
        self._session.execute(delete(_TABLE).where(*self._is(population, limit, value)))

    def wait_s(self, population: str, limit: Limit, value: str, at: datetime) -> int:
        last = self._session.execute(
            select(_TABLE.c.last_at).where(*self._is(population, limit, value))).scalar_one_or_none()
        return 1 if last is None else max(1, ceil((last + limit.window - at).total_seconds()))

    def purge(self, before: datetime, most: int) -> int:
        """Delete counters that have been free for long; gives how many."""
        old = select(_TABLE.c.tenant_id, _TABLE.c.scope, _TABLE.c.key).where(_TABLE.c.last_at < before).limit(most)
        rows = self._session.execute(old).all()
        for row in rows:
            self._session.execute(delete(_TABLE).where(
                _TABLE.c.tenant_id == row.tenant_id, _TABLE.c.scope == row.scope, _TABLE.c.key == row.key,
                _TABLE.c.last_at < before))
        return len(rows)

    def _key(self, population: str, limit: Limit, value: str) -> dict[str, str]:
        hashed = self._secrets.blind_index(population, f"attempts:{limit.scope}", value)
        return {"tenant_id": population, "scope": limit.scope, "key": hashed}

    def _is(self, population: str, limit: Limit, value: str) -> list[Any]:
        return [_TABLE.c[name] == given for name, given in self._key(population, limit, value).items()]
