"""Grant `client_credentials`: a token of the app itself, for what its app key opens; nobody acts.

Source: RFC 6749 section 4.4, RFC 9068
"""
from __future__ import annotations

from collections.abc import Collection

from services.identity.openid.domain.answer import Answer
from services.identity.openid.domain.app_token import LIFETIME, TYPE, app_claims, methods_of
from services.identity.openid.domain.client import Client
from services.identity.openid.domain.oauth_errors import UNAUTHORIZED_CLIENT, OAuthRefused
from services.identity.openid.domain.parameters import Parameters
from services.identity.openid.domain.scopes import text_of
from services.identity.sessions.usecases.signing import SigningTx, sign_claims
from shared_components.kernel.ids import new_id


def by_credentials(tx: SigningTx, client: Client, parameters: Parameters) -> Answer:
    """Raises OAuthRefused, for a public client too: its name proves nothing."""
    if client.access.is_public:
        raise OAuthRefused(UNAUTHORIZED_CLIENT, "client_credentials is for confidential clients")
    return app_token(tx, client.client_id, client.population, client.access.scopes, parameters)


def app_token(
    tx: SigningTx, client_id: str, population: str, allowed: Collection[str], parameters: Parameters,
) -> Answer:
    """allowed: methods that the app may call. Raises OAuthRefused."""
    scopes = methods_of(parameters.get("scope"), allowed)
    now = tx.clock.now()
    claims = app_claims(client_id, realm=population, scopes=scopes, jti=new_id("tok"))
    token = sign_claims(tx, population, claims, typ=TYPE, at=now, until=now + LIFETIME)
    return Answer(200, {
        "access_token": token, "token_type": "Bearer", "expires_in": int(LIFETIME.total_seconds()),
        "scope": text_of(scopes),
    })
