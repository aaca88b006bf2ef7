"""History of subjects in SQL."""
from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.subjects.domain.subject import Change
from services.identity.subjects.models import ChangeRow


class SqlSubjectHistory:
    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, subject_id: str, *, before: int | None, limit: int) -> Sequence[tuple[int, Change]]:
        query = select(ChangeRow).where(ChangeRow.subject_id == subject_id)
        if before is not None:
            query = query.where(ChangeRow.revision < before)
        rows = self._session.execute(query.order_by(ChangeRow.revision.desc()).limit(limit)).scalars()
        return [(row.revision, Change(row.what, row.actor, row.at, row.facts)) for row in rows]
