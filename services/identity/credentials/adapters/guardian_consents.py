"""Consents of guardians in SQL."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from services.identity.credentials.domain.ports import GuardianConsent
from services.identity.credentials.models import GuardianConsentRow
from shared_components.db import insert_new

ACCEPTED, REVOKED = "accepted", "revoked"


class SqlGuardianConsents:
    def __init__(self, session: Session) -> None:
        self._session = session

    def has_accepted(self, child_id: str) -> bool:
        query = select(GuardianConsentRow.consent_id).where(
            GuardianConsentRow.child_id == child_id, GuardianConsentRow.state == ACCEPTED)
        return self._session.execute(query).first() is not None

    def add(self, consent: GuardianConsent) -> bool:
        return bool(insert_new(self._session, cast(Table, GuardianConsentRow.__table__), [{
            "consent_id": consent.consent_id, "tenant_id": consent.population, "child_id": consent.child_id,
            "guardian_id": consent.guardian_id, "state": consent.state, "authority": consent.authority,
            "receipt": consent.receipt, "given_at": consent.given_at, "revoked_at": None}]))

    def of_guardian(self, guardian_id: str) -> Sequence[GuardianConsent]:
        rows = self._session.execute(
            select(GuardianConsentRow).where(GuardianConsentRow.guardian_id == guardian_id)
            .order_by(GuardianConsentRow.consent_id.desc())).scalars()
        return [_consent(row) for row in rows]

    def revoke(self, guardian_id: str, consent_id: str, at: datetime) -> GuardianConsent | None:
        row = self._session.execute(
            update(GuardianConsentRow)
            .where(GuardianConsentRow.guardian_id == guardian_id, GuardianConsentRow.consent_id == consent_id,
                   GuardianConsentRow.state == ACCEPTED)
            .values(state=REVOKED, revoked_at=at).returning(GuardianConsentRow)
            .execution_options(synchronize_session=False, populate_existing=True)).scalar_one_or_none()
        return None if row is None else replace(_consent(row), state=REVOKED, revoked_at=at)


def _consent(row: GuardianConsentRow) -> GuardianConsent:
    return GuardianConsent(
        row.consent_id, row.tenant_id, row.child_id, row.guardian_id, row.authority, row.receipt, row.given_at,
        row.state, row.revoked_at)
