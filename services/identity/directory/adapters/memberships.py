"""Memberships of officers."""
from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import Session

from services.identity.directory.adapters.feed import DirectoryFeed
from services.identity.directory.adapters.rows import membership_of, membership_row
from services.identity.directory.domain.membership import Membership
from services.identity.directory.domain.ports import OfficeEndings
from services.identity.directory.domain.states import ACTIVE
from services.identity.directory.models import MembershipRow as Row


class SqlMemberships:
    def __init__(self, session: Session, feed: DirectoryFeed, endings: OfficeEndings) -> None:
        self._session, self._feed, self._endings = session, feed, endings

    def add(self, membership: Membership) -> None:
        self._session.execute(insert(Row).values(**membership_row(membership)))
        self._feed.membership(membership)

    def lock(self, realm_id: str, membership_id: str) -> Membership | None:
        query = select(Row).where(Row.tenant_id == realm_id, Row.membership_id == membership_id).with_for_update()
        row = self._session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
        return None if row is None else membership_of(row)

    def save(self, membership: Membership) -> None:
        self._session.execute(
            update(Row)
            .where(Row.tenant_id == membership.realm_id, Row.membership_id == membership.membership_id)
            .values(department_id=membership.department_id, state=membership.state, revision=membership.revision)
            .execution_options(synchronize_session=False))
        self._feed.membership(membership)
        self._endings.membership_changed(membership)

    def active(
        self, realm_id: str, *, department_id: str | None = None, subject_id: str | None = None,
    ) -> Sequence[Membership]:
        query = _of(realm_id, department_id, subject_id).where(Row.state == ACTIVE)
        return self._all(query.order_by(Row.membership_id))

    def page(
        self, realm_id: str, *, department_id: str | None, subject_id: str | None, after: str | None, limit: int,
    ) -> Sequence[Membership]:
        query = _of(realm_id, department_id, subject_id)
        if after is not None:
            query = query.where(Row.membership_id > after)
        return self._all(query.order_by(Row.membership_id).limit(limit))

    def _all(self, query: Select[Row]) -> Sequence[Membership]:
        rows = self._session.execute(query.execution_options(populate_existing=True)).scalars()
        return [membership_of(row) for row in rows]


def _of(realm_id: str, department_id: str | None, subject_id: str | None) -> Select[Row]:
    query = select(Row).where(Row.tenant_id == realm_id)
    if department_id is not None:
        query = query.where(Row.department_id == department_id)
    return query if subject_id is None else query.where(Row.subject_id == subject_id)
