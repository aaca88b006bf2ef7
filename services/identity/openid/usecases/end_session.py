"""Logout that an app begins.

Source: OpenID Connect RP-Initiated Logout 1.0
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from services.identity.openid.domain.answer import Answer, redirect
from services.identity.openid.domain.client import Client
from services.identity.openid.domain.errors import AuthorizationRequestInvalid
from services.identity.openid.domain.oauth_errors import INVALID_REQUEST
from services.identity.openid.domain.parameters import Parameters
from services.identity.openid.domain.ports import HasClients, HasIdTokens
from services.identity.sessions.domain.reasons import LOGGED_OUT
from services.identity.sessions.usecases.end_session import EndSessionTx, end_session
from shared_components.kernel.bilingual import Bilingual

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

LOGGED_OUT_PAGE, ASK_PAGE = "/account/ended", "/account/sessions"
LONGEST_STATE = 1024


class LogOutTx(EndSessionTx, HasClients, HasIdTokens, Protocol):
    """The transaction of a logout."""


def log_out(tx: LogOutTx, parameters: Parameters, context: CallContext) -> Answer:
    """End the session of the ID token, and send the browser on. Without an ID token a page asks the person.

    Raises AuthorizationRequestInvalid: the browser is then sent nowhere, and no session ends.
    """
    if parameters.repeated:
        raise _invalid(Bilingual("a parameter came several times; once is allowed", "参数重复；只允许一次"))
    claims = _hinted(tx, parameters)
    client = _client(tx, parameters, claims)
    target = _target(client, parameters)
    if claims is None:
        return Answer(303, location=ASK_PAGE)
    end_session(tx, str(claims.get("sid")), LOGGED_OUT, context)
    return Answer(303, location=target or LOGGED_OUT_PAGE)


def _hinted(tx: HasIdTokens, parameters: Parameters) -> dict[str, Any] | None:
    hint = parameters.get("id_token_hint")
    if hint is None:
        return None
    claims = tx.id_tokens.subject_and_session(hint)
    if claims is None or parameters.get("client_id", claims.get("aud")) != claims.get("aud"):
        raise _invalid(Bilingual(
            "id_token_hint is not an ID token of ours for this client", "id_token_hint 不是签发给该客户端的 ID 令牌"))
    return dict(claims)


def _client(tx: HasClients, parameters: Parameters, claims: dict[str, Any] | None) -> Client | None:
    client_id = parameters.get("client_id") if claims is None else str(claims.get("aud"))
    return None if client_id is None else tx.clients.find(client_id)


def _target(client: Client | None, parameters: Parameters) -> str | None:
    """The registered address that the browser goes to, with the client's state."""
    uri = parameters.get("post_logout_redirect_uri")
    if uri is None:
        return None
    state = parameters.get("state")
    if client is None or not client.takes_after_logout(uri) or len(state or "") > LONGEST_STATE:
        raise _invalid(Bilingual(
            "post_logout_redirect_uri is not registered for the client; registered addresses are compared exactly",
            "post_logout_redirect_uri 未在该客户端登记；须与登记的地址逐字符一致"))
    return redirect(uri, {"state": state})


def _invalid(told: Bilingual) -> AuthorizationRequestInvalid:
    return AuthorizationRequestInvalid(told, details={"error": INVALID_REQUEST})
