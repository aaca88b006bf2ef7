"""Introspection: a client asks about a token of its own (RFC 7662)."""
from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol

from services.identity.openid.domain.answer import Answer
from services.identity.openid.domain.client import Client
from services.identity.openid.domain.levels import acr_of
from services.identity.openid.domain.oauth_errors import INVALID_CLIENT, OAuthRefused
from services.identity.openid.domain.parameters import Parameters
from services.identity.openid.domain.ports import ActiveToken, HasAccessTokens, HasPairwise
from services.identity.openid.domain.scopes import text_of
from services.identity.openid.usecases.authenticate import AuthenticateTx, authenticate
from services.identity.sessions.domain.ports import HasTokenPolicy

INACTIVE = Answer(200, {"active": False})
"""One answer for a token that is wrong, over, revoked, or of another client."""


class IntrospectTx(AuthenticateTx, HasAccessTokens, HasPairwise, HasTokenPolicy, Protocol):
    """The transaction of asking about a token."""


def introspect(
    tx: IntrospectTx, parameters: Parameters, authorization: str | None, *, audiences: Collection[str],
) -> Answer:
    """Raises OAuthRefused. A public client cannot prove itself, so it is told nothing."""
    parameters.once()
    client = authenticate(tx, parameters, authorization, audiences=audiences)
    if client.access.is_public:
        raise OAuthRefused(INVALID_CLIENT, "a confidential client may ask about its tokens")
    found = tx.access_tokens.active(parameters.required("token"), at=tx.clock.now())
    if found is None or found.client_id != client.client_id:
        return INACTIVE
    return Answer(200, _described(tx, client, found))


def _described(tx: IntrospectTx, client: Client, token: ActiveToken) -> dict[str, Any]:
    """Subjects are named as the client's sector sees them."""
    acting = token.acting
    said: dict[str, Any] = {
        "active": True, "client_id": token.client_id, "token_type": "Bearer", "scope": text_of(acting.scopes),
        "sub": tx.pairwise.to_sector(acting.holder, client.tenant), "iss": tx.tokens.issuer,
        "aud": client.population, "exp": token.expires_s, "iat": token.issued_s, "sid": acting.session,
        "acr": acr_of(acting.level), "kind": acting.kind,
    }
    if acting.mandate is not None:
        said["act"] = {
            "sub": tx.pairwise.to_sector(acting.subject, client.tenant), "mandate": acting.mandate.mandate_id}
    return said
