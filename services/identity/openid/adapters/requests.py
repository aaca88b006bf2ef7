"""Authorization requests in SQL; what was asked is encrypted."""
from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import Session

from services.identity.openid.domain.request import Asked, AuthorizationRequest
from services.identity.openid.models import AuthorizationRequestRow as Row
from shared_components.security import Secrets


class SqlRequests:
    def __init__(self, session: Session, secrets: Secrets) -> None:
        self._session, self._secrets = session, secrets

    def add(self, request: AuthorizationRequest) -> None:
        self._session.execute(insert(Row).values(
            request_id=request.request_id, tenant_id=request.realm_id, client_id=request.client_id,
            asked=self._secrets.fields.encrypt(_out(request.asked), aad=_aad(request.request_id)),
            created_at=request.created_at, expires_at=request.expires_at, state=request.state))

    def get(self, request_id: str) -> AuthorizationRequest | None:
        return self._one(select(Row).where(Row.request_id == request_id))

    def lock(self, request_id: str) -> AuthorizationRequest | None:
        return self._one(select(Row).where(Row.request_id == request_id).with_for_update())

    def save(self, request: AuthorizationRequest) -> None:
        self._session.execute(
            update(Row).where(Row.request_id == request.request_id)
            .values(state=request.state, expires_at=request.expires_at).execution_options(synchronize_session=False))

    def _one(self, query: Select[Row]) -> AuthorizationRequest | None:
        row = self._session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
        if row is None:
            return None
        asked = _in(self._secrets.fields.decrypt(row.asked, aad=_aad(row.request_id)))
        return AuthorizationRequest(
            row.request_id, row.client_id, row.tenant_id, asked, row.created_at, row.expires_at, row.state)


def _aad(request_id: str) -> str:
    return f"{request_id}/asked"


def _out(asked: Asked) -> str:
    said: dict[str, Any] = {name: getattr(asked, name) for name in Asked.__slots__}
    for name in ("scopes", "prompt", "ui_locales"):
        said[name] = sorted(said[name]) if name != "ui_locales" else list(said[name])
    return orjson.dumps(said).decode()


def _in(text: str) -> Asked:
    said = orjson.loads(text)
    return Asked(**{
        **said, "scopes": frozenset(said["scopes"]), "prompt": frozenset(said["prompt"]),
        "ui_locales": tuple(said["ui_locales"])})
