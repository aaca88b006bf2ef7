"""Counts of one-time codes in the database: one row a number, locked while it is counted."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.notification.messages.domain.code_limits import CodeCounts, take_code
from services.notification.messages.models import CodeLimitRow
from shared_components.security import Secrets

TABLE = cast(Table, CodeLimitRow.__table__)
PLATFORM = "platform"
COUNTED = ("minute", "in_minute", "hour", "in_hour", "day", "in_day")
KEPT = timedelta(days=2)


class SqlCodeLimits:
    def __init__(self, session: Session, secrets: Secrets) -> None:
        self._session, self._secrets = session, secrets

    def take(self, numbers: Sequence[str], at: datetime) -> list[int]:
        keys = [self._secrets.blind_index(PLATFORM, "code-limit", number) for number in numbers]
        known = self._locked(sorted(set(keys)), at)
        waits = []
        for key in keys:
            known[key], wait_s = take_code(known[key], at)
            waits.append(wait_s)
        # Core, and not the mapped class: rows of one key are changed, and no object is loaded.
        self._session.connection().execute(
            update(TABLE).where(TABLE.c.number == bindparam("key")),
            [{"key": key, **asdict(counts), "changed_at": at} for key, counts in sorted(known.items())])
        return waits

    def purge(self, at: datetime) -> None:
        """Forget numbers that got none for two days."""
        self._session.execute(delete(TABLE).where(TABLE.c.changed_at < at - KEPT))

    def _locked(self, keys: Sequence[str], at: datetime) -> dict[str, CodeCounts]:
        # In one order, so that two groups with the same numbers wait for one another in turn and not crosswise.
        dialect: Any = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        new = [{"number": key, **asdict(CodeCounts()), "changed_at": at} for key in keys]
        self._session.execute(dialect.insert(TABLE).values(new).on_conflict_do_nothing())
        rows = self._session.execute(
            select(TABLE).where(TABLE.c.number.in_(keys)).order_by(TABLE.c.number).with_for_update())
        return {row.number: CodeCounts(*(getattr(row, name) for name in COUNTED)) for row in rows}
