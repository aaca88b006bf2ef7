"""Refusals of sessions. None tells whether a subject or a session exists."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, InvalidInput, NotFound, Unauthenticated


class SessionOver(Unauthenticated):
    """It ended, expired, or never was."""

    code = "identity.session-over"
    texts = {"en": "The session is over; log in again.", "zh": "登录会话已结束，请重新登录。"}


class SessionNotFound(NotFound):
    """Also what another person's session looks like."""

    code = "identity.session-not-found"
    texts = {"en": "There is no such session.", "zh": "登录会话不存在。"}


class SignInRefused(Unauthenticated):
    """The person, or the membership, may not have a session. One error for every reason."""

    code = "identity.sign-in-refused"
    texts = {"en": "A session cannot be opened.", "zh": "无法登录。"}


class RefreshRefused(Unauthenticated):
    """One error for every reason: who guesses tokens learns nothing from the answer."""

    code = "identity.refresh-token-invalid"
    texts = {"en": "The refresh token is not valid.", "zh": "刷新令牌无效。"}


class MandateNotLive(Conflict):
    """Also what a mandate of somebody else looks like."""

    code = "identity.mandate-not-live"
    texts = {"en": "There is no such mandate in force.", "zh": "没有有效的授权经办。"}


class SigningKeyNotFound(NotFound):
    code = "identity.signing-key-not-found"
    texts = {"en": "There is no such signing key.", "zh": "签名密钥不存在。"}


class ScopeNotGranted(InvalidInput):
    code = "identity.scope-not-granted"
    texts = {"en": "The scope is wider than what was granted.", "zh": "授权范围超出已授权的范围。"}
