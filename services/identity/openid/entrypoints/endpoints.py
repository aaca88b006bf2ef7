"""The endpoints of OAuth and OpenID Connect, as the gateway calls them."""
from __future__ import annotations

from typing import Any

from services.identity.openid import schemas
from services.identity.openid.domain.answer import Answer
from services.identity.openid.domain.errors import AuthorizationRequestInvalid, TooManyLoginRequests
from services.identity.openid.entrypoints.serving import serve, throttle_of
from services.identity.openid.schemas import EndpointCall
from services.identity.openid.usecases.begin_request import authorize, push
from services.identity.openid.usecases.discovery import key_set, metadata
from services.identity.openid.usecases.end_session import log_out
from services.identity.openid.usecases.introspect import introspect
from services.identity.openid.usecases.revoke import revoke
from services.identity.openid.usecases.token import token
from services.identity.openid.usecases.userinfo import userinfo
from shared_components.bus import Transactions, rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.load_classes import VITAL
from shared_components.kernel.method_rules import RuleArguments

GATEWAY = ["gateway"]
ENDPOINT: RuleArguments = {
    "basis": ["platform"], "resource": "login", "about": [], "roles": [], "level": 0, "as_subject": False,
    "discloses": False, "composable": False,
}


class OpenIdEntrypoints:
    """Endpoints of the login server. What they do is done once by what was shown, which is used up, not by an id."""

    @rpc_method(
        request=schemas.AskServer, reply=schemas.Document, callers=GATEWAY, own_transactions=True, **ENDPOINT,
        load_class=VITAL, zh="登录服务的元数据（OpenID 发现文档）。")
    def oauth_metadata(self, transactions: Transactions, call: Call[Any]) -> dict[str, Any]:
        """Metadata of the login server, as discovery gives them."""
        with transactions.begin(call.context.tenant) as tx:
            return {"document": metadata(tx)}

    @rpc_method(
        request=schemas.AskServer, reply=schemas.Document, callers=GATEWAY, own_transactions=True, **ENDPOINT,
        load_class=VITAL, zh="验证令牌所用的公钥集（JWK Set）。")
    def oauth_keys(self, transactions: Transactions, call: Call[Any]) -> dict[str, Any]:
        """The public keys of tokens, of all realms."""
        with transactions.begin() as tx:
            return {"document": key_set(tx)}

    @rpc_method(
        request=schemas.CallEndpoint, reply=schemas.EndpointAnswer, callers=GATEWAY, own_transactions=True,
        errors=[TooManyLoginRequests], **ENDPOINT, load_class=VITAL,
        zh="应用预先推送登录请求的参数（PAR）。")
    def oauth_push(self, transactions: Transactions, call: Call[EndpointCall]) -> Answer:
        """Store the parameters of a login that an app pushes beforehand."""
        return serve(transactions, call, lambda tx, parameters: push(
            tx, parameters, call.data.authorization, audiences=_audiences(tx, "par")))

    @rpc_method(
        request=schemas.CallEndpoint, reply=schemas.EndpointAnswer, callers=GATEWAY, own_transactions=True,
        errors=[AuthorizationRequestInvalid, TooManyLoginRequests], **ENDPOINT, load_class=VITAL,
        zh="发起登录：校验应用的请求，并转到登录页面。")
    def oauth_authorize(self, transactions: Transactions, call: Call[EndpointCall]) -> Answer:
        """Check an app's request for a login, and send the browser to the login."""
        throttle_of(transactions, call).take_request()
        return serve(transactions, call, authorize)

    @rpc_method(
        request=schemas.CallEndpoint, reply=schemas.EndpointAnswer, callers=GATEWAY, own_transactions=True,
        errors=[TooManyLoginRequests], **ENDPOINT, load_class=VITAL,
        zh="换取令牌：授权码、刷新令牌、应用凭据、令牌交换。")
    def oauth_token(self, transactions: Transactions, call: Call[EndpointCall]) -> Answer:
        """Give a client tokens, for a code, a refresh token, its own proof, or a mandate."""
        return serve(transactions, call, lambda tx, parameters: token(
            tx, parameters, call.data.authorization, audiences=_audiences(tx, "token")))

    @rpc_method(
        request=schemas.CallEndpoint, reply=schemas.EndpointAnswer, callers=GATEWAY, own_transactions=True,
        errors=[TooManyLoginRequests], **ENDPOINT, load_class=VITAL,
        zh="查询令牌是否有效及其内容，仅限签发给该客户端的令牌。")
    def oauth_introspect(self, transactions: Transactions, call: Call[EndpointCall]) -> Answer:
        """Tell a client whether a token of its own counts, and what it says."""
        return serve(transactions, call, lambda tx, parameters: introspect(
            tx, parameters, call.data.authorization, audiences=_audiences(tx, "introspect")))

    @rpc_method(
        request=schemas.CallEndpoint, reply=schemas.EndpointAnswer, callers=GATEWAY, own_transactions=True,
        errors=[TooManyLoginRequests], **ENDPOINT, load_class=VITAL,
        zh="撤销令牌，仅限签发给该客户端的令牌。")
    def oauth_revoke(self, transactions: Transactions, call: Call[EndpointCall]) -> Answer:
        """Revoke a token of the client."""
        return serve(transactions, call, lambda tx, parameters: revoke(
            tx, parameters, call.data.authorization, audiences=_audiences(tx, "revoke"), context=call.context))

    @rpc_method(
        request=schemas.CallEndpoint, reply=schemas.EndpointAnswer, callers=GATEWAY, own_transactions=True,
        errors=[TooManyLoginRequests], **ENDPOINT, load_class=VITAL,
        zh="按授权范围返回登录人的信息（UserInfo）。")
    def oauth_userinfo(self, transactions: Transactions, call: Call[EndpointCall]) -> Answer:
        """Claims about the person of an access token."""
        return serve(
            transactions, call, lambda tx, _: userinfo(tx, call.data.authorization, call.context), by_token=True)

    @rpc_method(
        request=schemas.CallEndpoint, reply=schemas.EndpointAnswer, callers=GATEWAY, own_transactions=True,
        errors=[AuthorizationRequestInvalid, TooManyLoginRequests], **ENDPOINT, zh="应用发起的退出登录。")
    def oauth_end_session(self, transactions: Transactions, call: Call[EndpointCall]) -> Answer:
        """End the session of an ID token, and send the browser on."""
        throttle_of(transactions, call).take_request()
        return serve(transactions, call, lambda tx, parameters: log_out(tx, parameters, call.context))


def _audiences(tx: Any, endpoint: str) -> list[str]:
    """Names for which a client may make its assertion: the issuer, or the address that it asks."""
    issuer = str(tx.tokens.issuer)
    return [issuer, f"{issuer}/oauth/{endpoint}", f"{issuer}/oauth/token"]
