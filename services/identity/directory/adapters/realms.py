"""Realms and the tenant ids of each."""
from __future__ import annotations

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.identity.directory.adapters.rows import realm_of, realm_row
from services.identity.directory.domain.errors import RealmExists, TenantTaken
from services.identity.directory.domain.realm import Realm, RealmTenant
from services.identity.directory.models import RealmRow, RealmTenantRow


class SqlRealms:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, realm: Realm) -> None:
        try:
            self._session.execute(insert(RealmRow).values(**realm_row(realm)))
        except IntegrityError:
            raise RealmExists from None

    def get(self, realm_id: str) -> Realm | None:
        return self._one(realm_id, lock=False)

    def lock(self, realm_id: str) -> Realm | None:
        return self._one(realm_id, lock=True)

    def save(self, realm: Realm) -> None:
        self._session.execute(
            update(RealmRow).where(RealmRow.tenant_id == realm.realm_id).values(department_id=realm.department_id)
            .execution_options(synchronize_session=False))

    def entry(self, tenant: str) -> RealmTenant | None:
        query = select(RealmTenantRow).where(RealmTenantRow.tenant == tenant)
        row = self._session.execute(query).scalar_one_or_none()
        return None if row is None else RealmTenant(row.tenant, row.realm_id, row.environment)

    def enter(self, entry: RealmTenant) -> None:
        try:
            self._session.execute(insert(RealmTenantRow).values(
                tenant=entry.tenant, realm_id=entry.realm_id, environment=entry.environment))
        except IntegrityError:
            raise TenantTaken from None

    def _one(self, realm_id: str, *, lock: bool) -> Realm | None:
        query = select(RealmRow).where(RealmRow.tenant_id == realm_id)
        query = query.with_for_update() if lock else query
        row = self._session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
        return None if row is None else realm_of(row)
