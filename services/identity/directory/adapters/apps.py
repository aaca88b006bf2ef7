"""Apps and their keys."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.identity.directory.adapters.feed import DirectoryFeed
from services.identity.directory.adapters.rows import app_of, app_row, key_of, key_row
from services.identity.directory.domain.app import App
from services.identity.directory.domain.app_key import AppKey
from services.identity.directory.domain.errors import AppNameTaken
from services.identity.directory.domain.ports import OfficeEndings
from services.identity.directory.domain.states import ACTIVE, CLOSED
from services.identity.directory.models import AppKeyRow
from services.identity.directory.models import AppRow as Row


class SqlApps:
    def __init__(self, session: Session, feed: DirectoryFeed, endings: OfficeEndings) -> None:
        self._session, self._feed, self._endings = session, feed, endings

    def add(self, app: App) -> None:
        try:
            self._session.execute(insert(Row).values(**app_row(app)))
        except IntegrityError:
            raise AppNameTaken from None
        self._feed.app(app)

    def get(self, realm_id: str, name: str) -> App | None:
        return self._one(_named(realm_id, name))

    def lock(self, realm_id: str, name: str) -> App | None:
        return self._one(_named(realm_id, name).with_for_update())

    def save(self, app: App) -> None:
        values = app_row(app)
        self._session.execute(
            update(Row).where(Row.tenant_id == app.realm_id, Row.app == app.app)
            .values({name: values[name] for name in (
                "department_id", "title", "state", "production", "draft", "approved", "requested_by", "revision",
                "broker_keys")})
            .execution_options(synchronize_session=False))
        self._feed.app(app)
        self._endings.app_changed(app)

    def open_of(self, realm_id: str, department_id: str) -> Sequence[App]:
        return self._all(select(Row).where(
            Row.tenant_id == realm_id, Row.department_id == department_id, Row.state != CLOSED,
        ).order_by(Row.app).with_for_update())

    def page(
        self, realm_id: str, *, department_id: str | None, only: str | None, after: str | None, limit: int,
    ) -> Sequence[App]:
        query = select(Row).where(Row.tenant_id == realm_id)
        if department_id is not None:
            query = query.where(Row.department_id == department_id)
        if only is not None:
            query = query.where(Row.app == only)
        return self._page(query, after, limit)

    def page_of_active(self, *, after: str | None, limit: int) -> Sequence[App]:
        return self._page(select(Row).where(Row.state == ACTIVE), after, limit)

    def add_key(self, key: AppKey) -> None:
        self._session.execute(insert(AppKeyRow).values(**key_row(key)))
        self._feed.key(key)

    def save_key(self, key: AppKey) -> None:
        self._session.execute(
            update(AppKeyRow).where(AppKeyRow.tenant_id == key.realm_id, AppKeyRow.key_id == key.key_id)
            .values(state=key.state, revoked_at=key.revoked_at).execution_options(synchronize_session=False))
        self._feed.key(key)
        if not key.is_active and not any(
                each.is_active and each.environment == key.environment for each in self.keys([key.app])[key.app]):
            self._endings.last_key_revoked(key.app, key.environment)

    def keys(self, names: Sequence[str]) -> Mapping[str, Sequence[AppKey]]:
        query = select(AppKeyRow).where(AppKeyRow.app.in_(names)).order_by(AppKeyRow.key_id)
        found: dict[str, list[AppKey]] = {name: [] for name in names}
        for row in self._session.execute(query.execution_options(populate_existing=True)).scalars():
            found[row.app].append(key_of(row))
        return found

    def _page(self, query: Select[Row], after: str | None, limit: int) -> Sequence[App]:
        if after is not None:
            query = query.where(Row.app > after)
        return self._all(query.order_by(Row.app).limit(limit))

    def _one(self, query: Select[Row]) -> App | None:
        row = self._session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
        return None if row is None else app_of(row)

    def _all(self, query: Select[Row]) -> Sequence[App]:
        rows = self._session.execute(query.execution_options(populate_existing=True)).scalars()
        return [app_of(row) for row in rows]


def _named(realm_id: str, name: str) -> Select[Row]:
    return select(Row).where(Row.tenant_id == realm_id, Row.app == name)
