"""Access tokens of a grant (RFC 9068), signed by the realm's key."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from services.identity.sessions.domain.errors import SessionOver
from services.identity.sessions.domain.grant import Grant
from services.identity.sessions.domain.lifetimes import LONGEST_ACCESS
from services.identity.sessions.domain.ports import HasSigningKeys, HasTokenPolicy
from services.identity.sessions.domain.session import Session
from services.identity.sessions.domain.signing_key import RealmKey, signing
from shared_components.kernel.acting import Acting
from shared_components.kernel.transactions import HasClock


class SigningTx(HasClock, HasSigningKeys, HasTokenPolicy, Protocol):
    """The transaction of signing tokens."""


class AccessToken(NamedTuple):
    """text: the token. until: its end."""

    text: str
    until: datetime


def signing_key(tx: SigningTx, realm_id: str) -> RealmKey:
    """The key that signs now. The first one of a realm is made here, and published before the answer goes out."""
    now = tx.clock.now()
    return signing(tx.signing_keys.of(realm_id), now) or tx.signing_keys.make(realm_id, at=now, signs_from=now)


def sign_claims(
    tx: SigningTx, realm_id: str, claims: Mapping[str, Any], *, typ: str, at: datetime, until: datetime,
) -> str:
    """A token of the login, such as an ID token: with `iss`, `iat` and `exp`; the claims name their `aud`."""
    dated = {**claims, "iss": tx.tokens.issuer, "iat": int(at.timestamp()), "exp": int(until.timestamp())}
    return tx.signing_keys.sign(signing_key(tx, realm_id), dated, typ=typ)


def access_token(
    tx: SigningTx, session: Session, grant: Grant, scopes: Collection[str], key: RealmKey,
) -> AccessToken:
    """scopes: those of the grant, or fewer. Raises SessionOver when not one second is left."""
    now = tx.clock.now()
    until = _until(tx, session, grant, now)
    text = tx.signing_keys.sign_access(
        key, acting_of(session, grant, scopes), app=grant.app, auth_time=session.auth_time, at=now, until=until)
    return AccessToken(text, until)


def acting_of(session: Session, grant: Grant, scopes: Collection[str]) -> Acting:
    """The person as tokens and tickets state it."""
    acts_for, office = grant.acts_for, session.office
    return Acting(
        session.subject_id, session.session_id, session.kind, session.level, frozenset(scopes),
        frozenset(office.roles if office else ()), office.department if office else None,
        acts_for.mandate if acts_for else None, acts_for.principal_id if acts_for else None, grant.grant_id)


def _until(tx: SigningTx, session: Session, grant: Grant, now: datetime) -> datetime:
    """No token outlives its session, the level that it states, or its mandate."""
    ends = [now + min(tx.tokens.lifetimes.access, LONGEST_ACCESS), session.until(), session.level_until,
            grant.acts_for.ends_at if grant.acts_for else None]
    until = min(end for end in ends if end is not None).replace(microsecond=0)
    if until <= now:
        raise SessionOver
    return until
