"""Revocation: a client gives up what it holds (RFC 7009). One token ends all that its login gave the client."""
from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

from services.identity.openid.domain.answer import Answer
from services.identity.openid.domain.client import Client
from services.identity.openid.domain.parameters import Parameters
from services.identity.openid.domain.ports import HasAccessTokens
from services.identity.openid.usecases.authenticate import AuthenticateTx, authenticate
from services.identity.openid.usecases.held_tokens import grant_of_token
from services.identity.sessions.domain.grant import Grant
from services.identity.sessions.domain.ports import HasRefreshSecrets
from services.identity.sessions.domain.reasons import TOKEN_REVOKED
from services.identity.sessions.domain.states import ACTIVE
from services.identity.sessions.usecases.end_session import RevokeGrantsTx, revoke_these

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class RevokeTx(AuthenticateTx, HasAccessTokens, HasRefreshSecrets, RevokeGrantsTx, Protocol):
    """The transaction of revoking a token."""


def revoke(
    tx: RevokeTx, parameters: Parameters, authorization: str | None, *, audiences: Collection[str],
    context: CallContext,
) -> Answer:
    """200 also for a token that is unknown, over, or of another client. Raises OAuthRefused."""
    parameters.once()
    client = authenticate(tx, parameters, authorization, audiences=audiences)
    grant = _grant(tx, client, parameters.required("token"))
    if grant is not None and grant.app == client.client_id and grant.state == ACTIVE:
        revoke_these(tx, [grant], TOKEN_REVOKED, context)
    return Answer(200, {})


def _grant(tx: RevokeTx, client: Client, token: str) -> Grant | None:
    """Give what the token belongs to, be it a refresh token or an access token; the hint of its kind is not needed."""
    found = grant_of_token(tx, token)
    if found is not None:
        return found
    access = tx.access_tokens.active(token, at=tx.clock.now())
    return None if access is None or access.acting.grant is None else tx.grants.get(access.acting.grant)
