"""History of the directory; rows are only ever added."""
from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from services.identity.directory.adapters.rows import change_of, change_row
from services.identity.directory.domain.change import Change
from services.identity.directory.models import DirectoryChangeRow as Row


class SqlHistory:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, change: Change) -> None:
        self._session.execute(insert(Row).values(**change_row(change)))

    def page(self, realm_id: str, thing_id: str, *, before: int | None, limit: int) -> Sequence[Change]:
        query = select(Row).where(Row.tenant_id == realm_id, Row.thing_id == thing_id)
        if before is not None:
            query = query.where(Row.revision < before)
        rows = self._session.execute(query.order_by(Row.revision.desc()).limit(limit)).scalars()
        return [change_of(row) for row in rows]
