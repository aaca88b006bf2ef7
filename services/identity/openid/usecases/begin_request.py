"""Begin an authorization request: pushed by the client beforehand (RFC 9126), or brought by the browser."""
from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import replace
from typing import Protocol

from services.identity.openid.domain import oauth_errors as oauth
from services.identity.openid.domain import states
from services.identity.openid.domain.answer import Answer, authorization_response
from services.identity.openid.domain.checks import asked_of
from services.identity.openid.domain.client import Client
from services.identity.openid.domain.errors import AuthorizationRequestInvalid
from services.identity.openid.domain.oauth_errors import OAuthRefused
from services.identity.openid.domain.parameters import Parameters
from services.identity.openid.domain.ports import HasClients, HasIdTokens, HasPairwise, HasRequests
from services.identity.openid.domain.request import (
    LIFETIME,
    PUSHED_LIFETIME,
    REQUEST_URI_PREFIX,
    Asked,
    AuthorizationRequest,
)
from services.identity.openid.usecases.authenticate import AuthenticateTx, authenticate
from services.identity.sessions.domain.ports import HasTokenPolicy
from services.identity.subjects.domain.ports import HasPolicy
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.transactions import HasClock

LOGIN_PAGE = "/login"
ID_BYTES = 32


class AuthorizeTx(
    HasClock, HasClients, HasRequests, HasIdTokens, HasPairwise, HasPolicy, HasTokenPolicy, Protocol,
):
    """The transaction of beginning a request."""


class PushTx(AuthenticateTx, AuthorizeTx, Protocol):
    """The transaction of pushing a request."""


def push(tx: PushTx, parameters: Parameters, authorization: str | None, *, audiences: Collection[str]) -> Answer:
    """Store the parameters of a client that has proved itself. Raises OAuthRefused."""
    parameters.once()
    client = authenticate(tx, parameters, authorization, audiences=audiences)
    redirect_uri = parameters.required("redirect_uri")
    if not client.takes(redirect_uri):
        raise OAuthRefused(oauth.INVALID_REQUEST, "redirect_uri is not one of the registered addresses")
    now = tx.clock.now()
    request = AuthorizationRequest(
        _new_id(), client.client_id, client.population, _asked(tx, client, redirect_uri, parameters), now,
        now + PUSHED_LIFETIME, states.PUSHED)
    tx.authorization_requests.add(request)
    return Answer(201, {
        "request_uri": REQUEST_URI_PREFIX + request.request_id,
        "expires_in": int(PUSHED_LIFETIME.total_seconds()),
    })


def authorize(tx: AuthorizeTx, parameters: Parameters) -> Answer:
    """Send the browser to the login, or back to the client with a refusal.

    Raises AuthorizationRequestInvalid when client or address is wrong: the browser is then sent nowhere.
    """
    client = _client(tx, parameters)
    if parameters.get("request_uri", "").startswith(REQUEST_URI_PREFIX):
        request = _pushed(tx, client, parameters)
    else:
        redirect_uri = _address(client, parameters)
        try:
            asked = _asked(tx, client, redirect_uri, parameters)
        except OAuthRefused as refused:
            return Answer(303, location=authorization_response(redirect_uri, {
                "error": refused.error, "error_description": refused.description,
                "state": _state(parameters)}, issuer=tx.tokens.issuer))
        now = tx.clock.now()
        request = AuthorizationRequest(_new_id(), client.client_id, client.population, asked, now, now + LIFETIME)
        tx.authorization_requests.add(request)
    return Answer(303, location=f"{LOGIN_PAGE}?request={request.request_id}")


def _client(tx: HasClients, parameters: Parameters) -> Client:
    client_id = parameters.get("client_id")
    if client_id is None or "client_id" in parameters.repeated:
        raise _untrusted(oauth.INVALID_REQUEST, Bilingual(
            "client_id is missing or came several times; one is allowed", "client_id 缺失或重复；只允许一个"))
    client = tx.clients.find(client_id)
    if client is None or not client.access.redirect_uris:
        raise _untrusted(oauth.UNAUTHORIZED_CLIENT, Bilingual(
            "client_id is not that of an active app with redirect addresses",
            "client_id 不是已登记回调地址的有效应用"))
    return client


def _address(client: Client, parameters: Parameters) -> str:
    redirect_uri = parameters.get("redirect_uri")
    if redirect_uri is None or "redirect_uri" in parameters.repeated:
        raise _untrusted(oauth.INVALID_REQUEST, Bilingual(
            "redirect_uri is missing or came several times; one is allowed", "redirect_uri 缺失或重复；只允许一个"))
    if not client.takes(redirect_uri):
        raise _untrusted(oauth.INVALID_REQUEST, Bilingual(
            f"redirect_uri is not registered for app '{client.client_id}'; registered addresses are compared exactly",
            f"redirect_uri 未在应用“{client.client_id}”登记；须与登记的地址逐字符一致"))
    return redirect_uri


def _pushed(tx: AuthorizeTx, client: Client, parameters: Parameters) -> AuthorizationRequest:
    """A pushed request counts as it was pushed: whatever else the browser brings is not looked at."""
    request = None
    if "request_uri" not in parameters.repeated:
        request = tx.authorization_requests.lock(parameters["request_uri"].removeprefix(REQUEST_URI_PREFIX))
    now = tx.clock.now()
    if (request is None or request.client_id != client.client_id or request.state != states.PUSHED
            or now >= request.expires_at or not client.takes(request.asked.redirect_uri)):
        raise _untrusted(oauth.INVALID_REQUEST_URI, Bilingual(
            f"request_uri is unknown, used, or older than {PUSHED_LIFETIME.seconds} s; push the request again",
            f"request_uri 无效、已使用或超过 {PUSHED_LIFETIME.seconds} 秒；请重新推送请求"))
    begun = replace(request.begun(now), created_at=now)
    tx.authorization_requests.save(begun)
    return begun


def _asked(tx: AuthorizeTx, client: Client, redirect_uri: str, parameters: Parameters) -> Asked:
    asked = asked_of(parameters, redirect_uri, levels=[rule.level for rule in tx.policy.levels.rules])
    unapproved = sorted(asked.scopes - client.approved(asked.scopes))
    if unapproved:
        raise OAuthRefused(
            oauth.INVALID_SCOPE, f"{' '.join(unapproved)} needs an approval of the app's department (sensitive_scopes)")
    hint = parameters.get("id_token_hint")
    if hint is None:
        return asked
    claims = tx.id_tokens.subject_and_session(hint)
    subject = None if claims is None else tx.pairwise.from_sector(str(claims.get("sub")), client.tenant)
    if claims is None or subject is None or claims.get("aud") != client.client_id:
        raise OAuthRefused(oauth.INVALID_REQUEST, "id_token_hint is not an ID token of this client")
    return replace(asked, hinted_subject=subject)


def _state(parameters: Parameters) -> str | None:
    """The client's own state, also in a refusal; of several, none."""
    return None if "state" in parameters.repeated else parameters.get("state")


def _new_id() -> str:
    return secrets.token_urlsafe(ID_BYTES)


def _untrusted(error: str, told: Bilingual) -> AuthorizationRequestInvalid:
    return AuthorizationRequestInvalid(told, details={"error": error})
