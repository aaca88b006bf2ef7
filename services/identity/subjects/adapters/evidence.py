"""Evidence in SQL; rows are only ever added."""
from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from services.identity.subjects.adapters.rows import evidence_of, evidence_row
from services.identity.subjects.domain.subject import Evidence
from services.identity.subjects.models import EvidenceRow as Row
from services.identity.subjects.models import SubjectRow


class SqlEvidences:
    def __init__(self, session: Session) -> None:
        self._session = session

    def has(self, authority: str, receipt: str, subject_id: str) -> bool:
        query = select(Row.evidence_id).where(
            Row.subject_id == subject_id, Row.authority == authority, Row.receipt == receipt)
        return self._session.execute(query).first() is not None

    def add(self, evidence: Evidence) -> None:
        self._session.execute(insert(Row).values(**evidence_row(evidence)))

    def page(self, subject_id: str, *, before: str | None, limit: int) -> Sequence[Evidence]:
        merged = select(SubjectRow.subject_id).where(SubjectRow.merged_into == subject_id)
        query = select(Row).where(or_(Row.subject_id == subject_id, Row.subject_id.in_(merged)))
        if before is not None:
            query = query.where(Row.evidence_id < before)
        rows = self._session.execute(query.order_by(Row.evidence_id.desc()).limit(limit)).scalars()
        return [evidence_of(row) for row in rows]
