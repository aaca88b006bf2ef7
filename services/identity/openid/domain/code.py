"""Authorization codes: good once, for one client, one address and one PKCE verifier, for a minute."""
from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.identity.openid.domain import states
from services.identity.openid.domain.pkce import proves

LIFETIME = timedelta(seconds=60)
PREFIX = "ztc_"
CODE_BYTES = 32
LONGEST_CODE = 128


@dataclass(frozen=True, slots=True)
class AuthorizationCode:
    """code_hash: SHA-256 of the code, which is stored nowhere.

    mandate_id: under which the person acts for another. grant_id: what the first use gave; None: nothing.
    """

    code_hash: str
    client_id: str
    realm_id: str
    redirect_uri: str
    code_challenge: str
    session_id: str
    subject_id: str
    scopes: frozenset[str]
    nonce: str | None
    mandate_id: str | None
    created_at: datetime
    expires_at: datetime
    state: str = states.ACTIVE
    used_at: datetime | None = None
    grant_id: str | None = None

    def used(self, at: datetime, *, grant_id: str | None = None) -> AuthorizationCode:
        """Raises IllegalTransition for one that was used."""
        states.CODE.move(self.state, states.USED)
        return replace(self, state=states.USED, used_at=at, grant_id=grant_id)

    def is_for(self, *, redirect_uri: str | None, verifier: str | None, at: datetime) -> bool:
        """Tell whether its client may use it now."""
        return (
            at < self.expires_at and redirect_uri == self.redirect_uri and proves(verifier, self.code_challenge))


def new_code() -> str:
    return PREFIX + secrets.token_urlsafe(CODE_BYTES)


def code_hash(code: str) -> str:
    """A code is long and random, so a plain hash of it is as hard to undo as a slow one."""
    return hashlib.sha256(code.encode("utf-8", "surrogateescape")).hexdigest()
