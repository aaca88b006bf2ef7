"""Which session a browser has."""
from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from services.identity.login.domain.ports import BrowserSession
from services.identity.login.models import BrowserRow as Row


class SqlBrowsers:
    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, browser_hash: str, kind: str) -> BrowserSession | None:
        query = select(Row).where(Row.browser_hash == browser_hash, Row.kind == kind)
        row = self._session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
        return None if row is None else BrowserSession(row.tenant_id, row.session_id)

    def put(self, browser_hash: str, kind: str, has: BrowserSession, *, until: datetime) -> None:
        self.forget(browser_hash, kind)
        self._session.execute(insert(Row).values(
            browser_hash=browser_hash, kind=kind, tenant_id=has.tenant, session_id=has.session_id, expires_at=until))

    def move(self, browser_hash: str, to: str) -> None:
        self._session.execute(
            update(Row).where(Row.browser_hash == browser_hash).values(browser_hash=to)
            .execution_options(synchronize_session=False))

    def forget(self, browser_hash: str, kind: str) -> None:
        self._session.execute(
            delete(Row).where(Row.browser_hash == browser_hash, Row.kind == kind)
            .execution_options(synchronize_session=False))

    def purge(self, before: datetime) -> None:
        self._session.execute(
            delete(Row).where(Row.expires_at < before).execution_options(synchronize_session=False))
