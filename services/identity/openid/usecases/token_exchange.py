"""Grant `token-exchange`: an agent's token becomes one for a principal, under a live mandate and no other way.

`subject_token` is the mandate, which says for whom; `actor_token` is the agent's access token, which says by whom.
Source: RFC 8693 sections 2.1, 2.2 and 4.1
"""
from __future__ import annotations

from typing import Protocol

from services.identity.openid.domain.answer import Answer
from services.identity.openid.domain.client import Client
from services.identity.openid.domain.oauth_errors import (
    INVALID_GRANT,
    INVALID_REQUEST,
    INVALID_SCOPE,
    INVALID_TARGET,
    OAuthRefused,
)
from services.identity.openid.domain.parameters import Parameters
from services.identity.openid.domain.ports import HasAccessTokens, HasLiveMandates
from services.identity.openid.domain.scopes import of_resources, scopes_of
from services.identity.openid.usecases.token_reply import token_reply
from services.identity.sessions.domain.errors import SessionOver
from services.identity.sessions.usecases.issue_tokens import IssueTokens, IssueTokensTx, issue_tokens
from shared_components.kernel.acting import CITIZEN, Acting

ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 -- a type
MANDATE_TYPE = "urn:zhongtai:params:oauth:token-type:mandate"
LONGEST_MANDATE_ID = 64


class ExchangeTx(IssueTokensTx, HasAccessTokens, HasLiveMandates, Protocol):
    """The transaction of exchanging a token."""


def by_exchange(tx: ExchangeTx, client: Client, parameters: Parameters) -> Answer:
    """Raises OAuthRefused."""
    mandate_id, actor_token = _tokens(parameters)
    now = tx.clock.now()
    agent = _agent(tx, client, actor_token)
    scopes = _scopes(parameters, agent)
    session = tx.sessions.get(agent.session)
    acts_for = None
    if len(mandate_id) <= LONGEST_MANDATE_ID:
        acts_for = tx.live_mandates.acts_for(mandate_id, agent.subject, scopes, at=now)
    if session is None or acts_for is None:
        raise _refused()
    try:
        tokens = issue_tokens(tx, IssueTokens(session, client.client_id, scopes, acts_for, refresh=False))
    except SessionOver:
        raise _refused() from None
    return token_reply(tokens, issued_token_type=ACCESS_TOKEN_TYPE)


def _tokens(parameters: Parameters) -> tuple[str, str]:
    """The mandate, and the agent's token."""
    wanted = {"subject_token_type": MANDATE_TYPE, "actor_token_type": ACCESS_TOKEN_TYPE}
    for name, type_ in wanted.items():
        if parameters.required(name) != type_:
            raise OAuthRefused(INVALID_REQUEST, f"{name} {type_} is allowed")
    if parameters.get("requested_token_type", ACCESS_TOKEN_TYPE) != ACCESS_TOKEN_TYPE:
        raise OAuthRefused(INVALID_REQUEST, f"requested_token_type {ACCESS_TOKEN_TYPE} is allowed")
    for name in ("resource", "audience"):
        if name in parameters:
            raise OAuthRefused(INVALID_TARGET, f"{name} is not taken here; tokens are for this platform")
    return parameters.required("subject_token"), parameters.required("actor_token")


def _agent(tx: ExchangeTx, client: Client, token: str) -> Acting:
    """The person of a live citizen's token of this client, who does not act for anybody yet."""
    found = tx.access_tokens.active(token, at=tx.clock.now())
    if found is None or found.client_id != client.client_id:
        raise _refused()
    if found.acting.kind != CITIZEN or found.acting.principal is not None:
        raise _refused()
    return found.acting


def _scopes(parameters: Parameters, agent: Acting) -> frozenset[str]:
    """Resources only, and no more than the agent's own token covers."""
    own = of_resources(agent.scopes)
    asked = scopes_of(parameters.get("scope")) or own
    if not asked <= own:
        raise OAuthRefused(INVALID_SCOPE, "a scope is not covered by the actor_token")
    return asked


def _refused() -> OAuthRefused:
    return OAuthRefused(INVALID_GRANT, "there is no live mandate for this token of the client")
