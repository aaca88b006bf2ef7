"""Subjects that are not in the population where they belong, in SQL."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import Table, and_, func, or_, select
from sqlalchemy.orm import Session

from services.identity.subjects.adapters.field_encryption import FieldEncryption
from services.identity.subjects.adapters.merges import proposal_row
from services.identity.subjects.adapters.populations import POPULATION, REALMS, TENANTS
from services.identity.subjects.domain.merging import Proposal
from services.identity.subjects.models import DocumentRow, MergeRow, SubjectRow
from services.identity.subjects.usecases.move_subjects import Document, Move
from shared_components.db import insert_new, update_each

_BELONGS = func.coalesce(POPULATION, SubjectRow.tenant_id)
_NEXT = (
    select(SubjectRow.subject_id, SubjectRow.merged_into, _BELONGS.label("belongs"), DocumentRow.id_type,
           DocumentRow.number)
    .join(DocumentRow, and_(
        DocumentRow.subject_id == SubjectRow.subject_id, DocumentRow.id_type == SubjectRow.primary_id_type))
    .outerjoin(TENANTS, TENANTS.c.tenant == SubjectRow.tenant_id)
    .outerjoin(REALMS, REALMS.c.tenant_id == TENANTS.c.realm_id)
    .where(or_(SubjectRow.population.is_(None), SubjectRow.population != _BELONGS))
    .order_by(SubjectRow.subject_id)
)


class SqlMoves:
    def __init__(self, session: Session, cipher: FieldEncryption) -> None:
        self._session = session
        self._cipher = cipher

    def next(self, *, after: str, limit: int) -> Sequence[Move]:
        rows = self._session.execute(_NEXT.where(SubjectRow.subject_id > after).limit(limit)).all()
        return [
            Move(row.subject_id, row.belongs, row.id_type, self._cipher.index(
                row.belongs, row.id_type, self._cipher.open(row.subject_id, "id_number", row.number)),
                row.merged_into is not None)
            for row in rows]

    def holders(self, documents: Sequence[Document]) -> Mapping[Document, str]:
        # The key of an index is its population's, so equal indexes are of one population.
        rows = self._session.execute(
            select(DocumentRow.population, DocumentRow.id_type, DocumentRow.population_index, DocumentRow.subject_id)
            .where(DocumentRow.population.in_(sorted({population for population, _, _ in documents})),
                   DocumentRow.id_type.in_(sorted({id_type for _, id_type, _ in documents})),
                   DocumentRow.population_index.in_(sorted({index for _, _, index in documents}))))
        return {(row[0] or "", row[1], row[2] or ""): row[3] for row in rows}

    def move(self, moves: Sequence[Move], *, without_index: frozenset[str]) -> None:
        update_each(self._session, cast(Table, SubjectRow.__table__), [
            {"subject_id": move.subject_id, "population": move.population} for move in moves], key=["subject_id"])
        update_each(self._session, cast(Table, DocumentRow.__table__), [
            {"subject_id": move.subject_id, "id_type": move.id_type, "population": move.population,
             "population_index": None if move.subject_id in without_index else move.index}
            for move in moves], key=["subject_id", "id_type"])

    def propose(self, proposals: Sequence[Proposal]) -> None:
        insert_new(self._session, cast(Table, MergeRow.__table__), [proposal_row(each) for each in proposals])
