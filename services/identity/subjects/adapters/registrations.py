"""Further registrations of a subject, by other apps than the first."""
from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.identity.subjects.domain.errors import AlreadyRegistered
from services.identity.subjects.models import RegistrationRow as Row

ANY_APP = "*"
"""In place of an app's name: every app of the tenant, as for subjects whose app was not recorded."""


class Registration(NamedTuple):
    subject_id: str
    tenant: str
    app: str


class SqlRegistrations:
    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, subject_ids: Collection[str], tenants: Collection[str]) -> set[Registration]:
        """The registrations of these subjects by apps of these tenants."""
        rows = self._session.execute(
            select(Row.subject_id, Row.tenant_id, Row.app)
            .where(Row.subject_id.in_(sorted(subject_ids)), Row.tenant_id.in_(sorted(tenants))))
        return {Registration(*row) for row in rows}

    def add(self, registration: Registration, at: datetime) -> None:
        """Raises AlreadyRegistered when it is there."""
        try:
            self._session.execute(insert(Row).values(
                subject_id=registration.subject_id, tenant_id=registration.tenant, app=registration.app,
                registered_at=at))
        except IntegrityError:
            raise AlreadyRegistered from None
