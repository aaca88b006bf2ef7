"""Refusals for people and for other topics; those for client programs are in `oauth_errors`."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, InvalidInput, NotFound, TooManyRequests


class AuthorizationRequestInvalid(InvalidInput):
    """The client or its address cannot be trusted, so the browser is sent nowhere. details.error: that of RFC 6749."""

    code = "identity.authorization-request-invalid"
    texts = {"en": "The app's request for a login is not valid.", "zh": "应用的登录请求无效。"}


class AuthorizationRequestOver(Conflict):
    """Also what an unknown one looks like."""

    code = "identity.authorization-request-over"
    texts = {"en": "The login took too long, or was finished already; begin again in the app.",
             "zh": "登录请求已过期或已完成，请返回应用重新开始。"}


class LoginNotEnough(Conflict):
    """The session does not meet what the app asks for. details.needed: login, level or account."""

    code = "identity.login-not-enough"
    texts = {"en": "The app asks for another or a stronger login.", "zh": "应用要求重新登录或更高的认证等级。"}


class ConsentNotFound(NotFound):
    """Also what another person's consent looks like."""

    code = "identity.consent-not-found"
    texts = {"en": "There is no such consent.", "zh": "授权记录不存在。"}


class TooManyLoginRequests(TooManyRequests):
    """Too many failed proofs from this address, or too many requests for a login; the same for clients that nobody has.

    details.retry_after_s: seconds until the address is heard again.
    """

    code = "identity.too-many-login-requests"
    texts = {"en": "Too many requests of this kind came from your network address; wait before the next one.",
             "zh": "来自您网络地址的此类请求过多，请稍后再试。"}
