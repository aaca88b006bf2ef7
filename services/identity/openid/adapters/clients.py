"""Clients of OAuth: apps of the directory, found by the name under which they call."""
from __future__ import annotations

import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.directory.adapters.rows import app_of
from services.identity.directory.domain.app import app_of_caller
from services.identity.directory.domain.app_key import key_hash
from services.identity.directory.domain.realm import PRODUCTION, SANDBOX
from services.identity.directory.domain.states import ACTIVE
from services.identity.directory.models import AppKeyRow, AppRow, RealmRow
from services.identity.openid.domain.client import Client, client_of
from shared_components.kernel.apps import SANDBOX_SUFFIX


class SqlClients:
    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, client_id: str) -> Client | None:
        environment = SANDBOX if client_id.endswith(SANDBOX_SUFFIX) else PRODUCTION
        query = (
            select(AppRow, RealmRow.sandbox_tenant)
            .join(RealmRow, RealmRow.tenant_id == AppRow.tenant_id)
            .where(AppRow.app == app_of_caller(client_id)).execution_options(populate_existing=True))
        found = self._session.execute(query).one_or_none()
        if found is None:
            return None
        row, sandbox = found
        return client_of(app_of(row), environment, sandbox if environment == SANDBOX else row.tenant_id, client_id)

    def knows_secret(self, client: Client, secret: str) -> bool:
        query = select(AppKeyRow.key_hash).where(
            AppKeyRow.app == client.app.app, AppKeyRow.environment == client.environment, AppKeyRow.state == ACTIVE)
        shown = key_hash(secret)
        # All are compared, so that the time tells nothing about which one was near.
        return sum(hmac.compare_digest(stored, shown) for stored in self._session.scalars(query)) > 0
