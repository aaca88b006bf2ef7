"""The reply of the token endpoint (RFC 6749 section 5.1), with an ID token where the client asked for one."""
from __future__ import annotations

from typing import Any, Protocol

from services.identity.openid.domain.answer import Answer
from services.identity.openid.domain.client import Client
from services.identity.openid.domain.id_token import LIFETIME, TYPE, id_token_claims
from services.identity.openid.domain.ports import HasPairwise
from services.identity.openid.domain.scopes import text_of
from services.identity.sessions.domain.grant import ActsFor
from services.identity.sessions.domain.session import Session
from services.identity.sessions.usecases.issue_tokens import TokenSet
from services.identity.sessions.usecases.signing import SigningTx, sign_claims

BEARER = "Bearer"


class TokenReplyTx(SigningTx, HasPairwise, Protocol):
    """The transaction of a reply with tokens."""


def token_reply(tokens: TokenSet, *, id_token: str | None = None, **more: Any) -> Answer:
    body: dict[str, Any] = {
        "access_token": tokens.access_token, "token_type": BEARER, "expires_in": tokens.expires_in,
        "scope": text_of(tokens.scopes), **more,
    }
    if tokens.refresh_token is not None:
        body["refresh_token"] = tokens.refresh_token
    if id_token is not None:
        body["id_token"] = id_token
    return Answer(200, body)


def id_token(
    tx: TokenReplyTx, client: Client, session: Session, tokens: TokenSet, *, nonce: str | None,
    acts_for: ActsFor | None,
) -> str:
    """An ID token for the client alone, signed by the realm's key."""
    now = tx.clock.now()
    claims = id_token_claims(
        subject=tx.pairwise.to_sector(session.subject_id, client.tenant), client_id=client.client_id,
        session_id=session.session_id, auth_time=tokens.auth_time, level=session.level, amr=session.amr,
        access_token=tokens.access_token, nonce=nonce,
        on_behalf_of=None if acts_for is None else tx.pairwise.to_sector(acts_for.principal_id, client.tenant),
        mandate_id=None if acts_for is None else acts_for.mandate.mandate_id)
    return sign_claims(tx, session.realm_id, claims, typ=TYPE, at=now, until=now + LIFETIME)
