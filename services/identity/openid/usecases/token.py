"""The token endpoint: recognise the client, then go by the grant.

Source: RFC 6749 section 3.2
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from services.identity.openid.domain.answer import Answer
from services.identity.openid.domain.client import Client
from services.identity.openid.domain.oauth_errors import (
    INVALID_GRANT,
    INVALID_SCOPE,
    UNSUPPORTED_GRANT_TYPE,
    OAuthRefused,
)
from services.identity.openid.domain.parameters import Parameters
from services.identity.openid.domain.scopes import scopes_of
from services.identity.openid.usecases.authenticate import AuthenticateTx, authenticate
from services.identity.openid.usecases.token_app import by_credentials
from services.identity.openid.usecases.token_code import CodeTx, by_code
from services.identity.openid.usecases.token_exchange import ExchangeTx, by_exchange
from services.identity.openid.usecases.token_reply import token_reply
from services.identity.sessions.domain.errors import ScopeNotGranted
from services.identity.sessions.usecases.refresh_tokens import RefreshTokens, RefreshTx, refresh_tokens
from shared_components.kernel.errors import AppError

AUTHORIZATION_CODE, REFRESH_TOKEN, CLIENT_CREDENTIALS, TOKEN_EXCHANGE = (
    "authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange")


class TokenTx(AuthenticateTx, CodeTx, ExchangeTx, RefreshTx, Protocol):
    """The transaction of the token endpoint."""


def by_refresh(tx: RefreshTx, client: Client, parameters: Parameters) -> Answer:
    """Grant `refresh_token`. Raises OAuthRefused; the transaction is to be committed in any case."""
    scopes = scopes_of(parameters.get("scope")) or None
    found = refresh_tokens(tx, RefreshTokens(parameters.required("refresh_token"), client.client_id, scopes))
    if isinstance(found, ScopeNotGranted):
        raise OAuthRefused(INVALID_SCOPE, "a scope was not granted by the login")
    if isinstance(found, AppError):
        raise OAuthRefused(INVALID_GRANT, "the refresh token is not valid for this client now")
    return token_reply(found)


Grant = Callable[[Any, Client, Parameters], Answer]
GRANTS: Mapping[str, Grant] = {
    AUTHORIZATION_CODE: by_code, REFRESH_TOKEN: by_refresh, CLIENT_CREDENTIALS: by_credentials,
    TOKEN_EXCHANGE: by_exchange,
}


def token(
    tx: TokenTx, parameters: Parameters, authorization: str | None, *, audiences: Collection[str],
) -> Answer:
    """Raises OAuthRefused; the transaction is to be committed in any case: what was shown is used up."""
    parameters.once()
    grant_type = parameters.required("grant_type")
    client = authenticate(tx, parameters, authorization, audiences=audiences)
    grant = GRANTS.get(grant_type)
    if grant is None:
        raise OAuthRefused(UNSUPPORTED_GRANT_TYPE, f"grant_type {' '.join(GRANTS)} is allowed")
    return grant(tx, client, parameters)
