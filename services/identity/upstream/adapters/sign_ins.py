"""Sign-ins that wait for their answer, in SQL. Each is taken once."""
from __future__ import annotations

from datetime import datetime

import orjson
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from services.identity.upstream.domain.ports import Waiting
from services.identity.upstream.domain.provider import SignIn
from services.identity.upstream.models import SignInRow as Row
from shared_components.security import Secrets

# Not of a population: a state is found before it is known whose it is.
KEY_OF = "upstream"


class SqlSignIns:
    def __init__(self, session: Session, secrets: Secrets) -> None:
        self._session, self._secrets = session, secrets

    def add(self, waiting: Waiting) -> None:
        key, sign_in = self._key("state", waiting.sign_in.state), waiting.sign_in
        said = orjson.dumps([sign_in.nonce, sign_in.verifier, sign_in.redirect_uri]).decode()
        self._session.execute(insert(Row).values(
            state_key=key, tenant_id=waiting.population, provider=waiting.provider,
            binding=self._key("binding", waiting.binding), secrets=self._secrets.fields.encrypt(said, aad=key),
            subject_id=waiting.subject_id, expires_at=waiting.expires_at))

    def take(self, state: str, *, provider: str, binding: str, at: datetime) -> Waiting | None:
        key = self._key("state", state)
        row = self._session.execute(
            delete(Row).where(
                Row.state_key == key, Row.provider == provider, Row.binding == self._key("binding", binding))
            .returning(Row.tenant_id, Row.secrets, Row.subject_id, Row.expires_at)
            .execution_options(synchronize_session=False)).one_or_none()
        if row is None or row.expires_at <= at:
            return None
        nonce, verifier, redirect_uri = orjson.loads(self._secrets.fields.decrypt(row.secrets, aad=key))
        return Waiting(
            row.tenant_id, provider, SignIn(state, nonce, verifier, redirect_uri), binding, row.expires_at,
            row.subject_id)

    def purge(self, at: datetime, most: int) -> int:
        """Delete sign-ins that nobody finished in time; gives how many."""
        old = list(self._session.scalars(select(Row.state_key).where(Row.expires_at <= at).limit(most)))
        self._session.execute(
            delete(Row).where(Row.state_key.in_(old)).execution_options(synchronize_session=False))
        return len(old)

    def _key(self, kind: str, value: str) -> str:
        return self._secrets.blind_index(KEY_OF, kind, value)
