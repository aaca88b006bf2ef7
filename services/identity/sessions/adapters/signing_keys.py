"""Keys that sign tokens: kept encrypted for the master key, published in the feed."""
from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from joserfc.jwk import ECKey
from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import Session as Database

from services.identity.directory.domain.app import app_of_caller
from services.identity.directory.models import AppRow, RealmRow
from services.identity.sessions.adapters.feed import SessionFeed
from services.identity.sessions.adapters.rows import key_of, key_row
from services.identity.sessions.domain import states
from services.identity.sessions.domain.signing_key import ALGORITHM, RealmKey
from services.identity.sessions.models import SigningKeyRow as Row
from shared_components.kernel.acting import Acting
from shared_components.kernel.ids import new_id
from shared_components.security import Secrets
from shared_components.security.proofs.access_tokens import TYPE
from shared_components.security.proofs.claims import claims_of
from shared_components.security.proofs.sector_subjects import in_sector
from shared_components.security.tokens import signed

CURVE = "P-256"
_MOST_OPENED = 64
# Opened once a process: decrypting and reading a private key takes longer than a signature. The ciphertext is part of
# the name, so that a re-encrypted key is opened anew.
_OPENED: OrderedDict[tuple[str, bytes], ECKey] = OrderedDict()


class SqlSigningKeys:
    """issuer: the `iss` of access tokens."""

    def __init__(self, session: Database, secrets: Secrets, feed: SessionFeed, issuer: str) -> None:
        self._session, self._secrets, self._feed, self._issuer = session, secrets, feed, issuer

    def of(self, realm_id: str) -> Sequence[RealmKey]:
        return self._active(_active().where(Row.tenant_id == realm_id))

    def all(self) -> Sequence[RealmKey]:
        return self._active(_active())

    def realm_ids(self) -> Sequence[str]:
        found = self._session.execute(select(RealmRow.tenant_id, RealmRow.sandbox_tenant))
        return sorted({tenant for row in found for tenant in row})

    def make(self, realm_id: str, *, at: datetime, signs_from: datetime) -> RealmKey:
        kid = new_id("sig")
        pair = ECKey.generate_key(CURVE)
        public = {**pair.as_dict(private=False), "kid": kid, "alg": ALGORITHM, "use": "sig"}
        private = self._secrets.fields.encrypt(json.dumps(pair.as_dict(private=True)), aad=_aad(kid))
        key = RealmKey(kid, realm_id, public, private, at, signs_from)
        self._session.execute(insert(Row).values(**key_row(key)))
        self._feed.key(key)
        return key

    def end(self, key: RealmKey) -> None:
        self._session.execute(
            update(Row).where(Row.kid == key.kid).values(state=key.state, ended_at=key.ended_at)
            .execution_options(synchronize_session=False))
        self._feed.key(key)

    def sign_access(
        self, key: RealmKey, acting: Acting, *, app: str, auth_time: datetime, at: datetime, until: datetime,
    ) -> str:
        if self._secrets.pairwise_ids.enabled:
            acting = in_sector(acting, self._secrets.pairwise_ids, self._sector_of(app))
        claims = {
            **claims_of(acting), "client_id": app, "jti": uuid4().hex, "auth_time": int(auth_time.timestamp()),
            "iss": self._issuer, "aud": key.realm_id, "iat": int(at.timestamp()), "exp": int(until.timestamp()),
        }
        return self.sign(key, claims, typ=TYPE)

    def _sector_of(self, app: str) -> str:
        """The tenant id by which the app calls. Only apps of the directory have logins."""
        name = app_of_caller(app)
        column = AppRow.tenant if name == app else AppRow.sandbox_tenant
        return self._session.execute(select(column).where(AppRow.app == name)).scalar_one()

    def sign(self, key: RealmKey, claims: Mapping[str, Any], *, typ: str) -> str:
        if key.state != states.ACTIVE:
            raise ValueError(f"key {key.kid} is '{key.state}'; only '{states.ACTIVE}' signs")
        return signed(claims, self._opened(key), kid=key.kid, typ=typ)

    def _opened(self, key: RealmKey) -> ECKey:
        name = (key.kid, key.private)
        found = _OPENED.get(name)
        if found is None:
            found = ECKey.import_key(json.loads(self._secrets.fields.decrypt(key.private, aad=_aad(key.kid))))
            _OPENED[name] = found
            while len(_OPENED) > _MOST_OPENED:
                _OPENED.popitem(last=False)
        return found

    def _active(self, query: Select[Any]) -> Sequence[RealmKey]:
        return [key_of(row) for row in self._session.execute(query.order_by(Row.signs_from, Row.kid))]


def _active() -> Select[Any]:
    return select(*Row.__table__.columns).where(Row.state == states.ACTIVE)


def _aad(kid: str) -> str:
    return f"{kid}/private"
