"""Merges to confirm in SQL, and what follows a subject into the one that it merged into."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from services.identity.subjects.adapters.registrations import ANY_APP
from services.identity.subjects.domain.merging import Proposal
from services.identity.subjects.domain.subject import Subject
from services.identity.subjects.models import MergeRow, RegistrationRow, SubjectRow
from shared_components.db import insert_new


class SqlMerges:
    def __init__(self, session: Session) -> None:
        self._session = session

    def lock(self, population: str, merge_id: str) -> Proposal | None:
        query = select(MergeRow).where(MergeRow.tenant_id == population, MergeRow.merge_id == merge_id)
        row = self._session.execute(
            query.with_for_update().execution_options(populate_existing=True)).scalar_one_or_none()
        return None if row is None else _proposal_of(row)

    def save(self, proposal: Proposal) -> None:
        self._session.execute(
            update(MergeRow).where(MergeRow.merge_id == proposal.merge_id)
            .values(state=proposal.state, decided_at=proposal.decided_at, decided_by=proposal.decided_by,
                    reason=proposal.reason)
            .execution_options(synchronize_session=False))

    def page(self, population: str, *, state: str, after: str | None, limit: int) -> Sequence[Proposal]:
        query = select(MergeRow).where(MergeRow.tenant_id == population, MergeRow.state == state)
        if after is not None:
            query = query.where(MergeRow.merge_id > after)
        rows = self._session.execute(query.order_by(MergeRow.merge_id).limit(limit)).scalars()
        return [_proposal_of(row) for row in rows]

    def hand_over(self, merged: Subject, survivor: Subject, at: datetime) -> None:
        rows = self._session.execute(
            select(RegistrationRow.tenant_id, RegistrationRow.app)
            .where(RegistrationRow.subject_id == merged.subject_id)).all()
        apps = {(row.tenant_id, row.app) for row in rows} | {(merged.tenant, merged.registered_by or ANY_APP)}
        insert_new(self._session, cast(Table, RegistrationRow.__table__), [
            {"subject_id": survivor.subject_id, "tenant_id": tenant, "app": app, "registered_at": at}
            for tenant, app in sorted(apps)])
        # An alias leads to the survivor in one step, however often subjects were merged.
        self._session.execute(
            update(SubjectRow).where(SubjectRow.merged_into == merged.subject_id)
            .values(merged_into=survivor.subject_id).execution_options(synchronize_session=False))


def proposal_row(proposal: Proposal) -> dict[str, Any]:
    return {
        "merge_id": proposal.merge_id, "tenant_id": proposal.population, "survivor_id": proposal.survivor_id,
        "merged_id": proposal.merged_id, "state": proposal.state, "proposed_at": proposal.proposed_at,
    }


def _proposal_of(row: MergeRow) -> Proposal:
    return Proposal(
        row.merge_id, row.tenant_id, row.survivor_id, row.merged_id, row.proposed_at, row.state, row.decided_at,
        row.decided_by, row.reason)
