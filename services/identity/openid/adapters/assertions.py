"""Assertions of clients: verified by their registered keys, each used once."""
from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from services.identity.openid.domain.client import Client
from services.identity.openid.models import ClientAssertionRow
from shared_components.db import insert_new
from shared_components.security import client_assertions
from shared_components.security.errors import TokenInvalid
from shared_components.security.tokens import LEEWAY_S

TABLE = cast(Table, ClientAssertionRow.__table__)


class SqlAssertions:
    def __init__(self, session: Session) -> None:
        self._session = session

    def claimed_client(self, assertion: str) -> str | None:
        return client_assertions.claimed_client(assertion)

    def verify(self, assertion: str, client: Client, *, audiences: Collection[str], at: datetime) -> bool:
        keys = (client.access.jwks or {}).get("keys", ())
        try:
            found = client_assertions.verified(
                assertion, keys, client_id=client.client_id, audiences=audiences, at=at)
        except TokenInvalid:
            return False
        return self._use(client, found)

    def _use(self, client: Client, found: client_assertions.Assertion) -> bool:
        used = hashlib.sha256(f"{client.client_id}\0{found.jti}".encode()).hexdigest()
        until = datetime.fromtimestamp(found.expires_s, UTC) + timedelta(seconds=2 * LEEWAY_S)
        added = insert_new(self._session, TABLE, [
            {"jti_hash": used, "tenant_id": client.population, "expires_at": until}])
        return bool(added)
