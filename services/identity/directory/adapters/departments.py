"""Departments and the tenant ids that they own."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.identity.directory.adapters.feed import DirectoryFeed
from services.identity.directory.adapters.rows import department_of, department_row
from services.identity.directory.domain.department import Department
from services.identity.directory.domain.errors import DepartmentExists
from services.identity.directory.domain.states import ACTIVE
from services.identity.directory.models import DepartmentRow as Row
from services.identity.directory.models import OwnedTenantRow


class SqlDepartments:
    def __init__(self, session: Session, feed: DirectoryFeed) -> None:
        self._session, self._feed = session, feed

    def add(self, department: Department) -> None:
        try:
            self._session.execute(insert(Row).values(**department_row(department)))
            self._session.execute(insert(OwnedTenantRow).values(
                tenant=department.tenant, tenant_id=department.realm_id, department_id=department.department_id))
        except IntegrityError:
            raise DepartmentExists from None
        self._feed.department(department)

    def get(self, realm_id: str, department_id: str) -> Department | None:
        return self._one(select(Row).where(Row.tenant_id == realm_id, Row.department_id == department_id))

    def save(self, department: Department) -> None:
        values = department_row(department)
        self._session.execute(
            update(Row)
            .where(Row.tenant_id == department.realm_id, Row.department_id == department.department_id)
            .values({name: values[name] for name in (
                "parent_id", "name", "credit_code", "state", "successor_id", "revision")})
            .execution_options(synchronize_session=False))
        self._feed.department(department)

    def parents(self, realm_id: str) -> Mapping[str, str | None]:
        query = select(Row.department_id, Row.parent_id).where(Row.tenant_id == realm_id, Row.state == ACTIVE)
        return {row.department_id: row.parent_id for row in self._session.execute(query)}

    def active(self, realm_id: str) -> Sequence[Department]:
        query = select(Row).where(Row.tenant_id == realm_id, Row.state == ACTIVE).order_by(Row.department_id)
        return self._all(query)

    def find(
        self, realm_id: str, *, code: str | None = None, credit_code: str | None = None,
    ) -> Department | None:
        query = select(Row).where(Row.tenant_id == realm_id)
        if code is not None:
            return self._one(query.where(Row.code == code))
        return self._one(query.where(Row.credit_code == credit_code, Row.state == ACTIVE))

    def has_sibling(self, realm_id: str, parent_id: str | None, name: str, *, but: str | None = None) -> bool:
        query = select(Row.department_id).where(
            Row.tenant_id == realm_id, Row.parent_id == parent_id, Row.name == name, Row.state == ACTIVE)
        if but is not None:
            query = query.where(Row.department_id != but)
        return self._session.execute(query.limit(1)).first() is not None

    def page(
        self, realm_id: str, *, parent_id: str | None, state: str | None, after: str | None, limit: int,
    ) -> Sequence[Department]:
        query = select(Row).where(Row.tenant_id == realm_id)
        if parent_id is not None:
            query = query.where(Row.parent_id == parent_id)
        if state is not None:
            query = query.where(Row.state == state)
        if after is not None:
            query = query.where(Row.department_id > after)
        return self._all(query.order_by(Row.department_id).limit(limit))

    def tenants(self, realm_id: str, department_id: str) -> Sequence[str]:
        query = select(OwnedTenantRow.tenant).where(
            OwnedTenantRow.tenant_id == realm_id, OwnedTenantRow.department_id == department_id)
        return list(self._session.execute(query.order_by(OwnedTenantRow.tenant)).scalars())

    def owner_of(self, realm_id: str, tenant: str) -> str | None:
        query = select(OwnedTenantRow.department_id).where(
            OwnedTenantRow.tenant_id == realm_id, OwnedTenantRow.tenant == tenant)
        return self._session.execute(query).scalar_one_or_none()

    def hand_over(self, realm_id: str, department_id: str, successor_id: str) -> None:
        self._session.execute(
            update(OwnedTenantRow)
            .where(OwnedTenantRow.tenant_id == realm_id, OwnedTenantRow.department_id == department_id)
            .values(department_id=successor_id).execution_options(synchronize_session=False))

    def _one(self, query: Select[Row]) -> Department | None:
        row = self._session.execute(query.execution_options(populate_existing=True)).scalars().first()
        return None if row is None else department_of(row)

    def _all(self, query: Select[Row]) -> Sequence[Department]:
        rows = self._session.execute(query.execution_options(populate_existing=True)).scalars()
        return [department_of(row) for row in rows]
