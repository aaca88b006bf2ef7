"""Refusals of the login. None tells whether a person or a login exists."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound, Unauthenticated


class LoginOver(NotFound):
    """The login ended, expired, never was, or is of another browser."""

    code = "identity.login-over"
    texts = {
        "en": "This login is over. Go back to the app and begin again.",
        "zh": "本次登录已失效，请返回应用重新登录。"}


class LoginTargetUnknown(InvalidInput):
    """Neither a request of an app nor a page of the account."""

    code = "identity.login-target-unknown"
    texts = {"en": "The login has no app or page to lead to.", "zh": "登录缺少目标应用或页面。"}


class OtherPerson(Conflict):
    """A further proof is of somebody else than the one who has signed in."""

    code = "identity.other-person"
    texts = {
        "en": "This is another person's account. Sign in anew to change over.",
        "zh": "该账号不是当前登录人，如需切换请重新登录。"}


class AnswerMissing(InvalidInput):
    """A form lacks a field or has a choice that was not offered."""

    code = "identity.answer-missing"
    texts = {"en": "Fill in the field, or choose one of the answers.", "zh": "请填写该项或选择其中一项。"}


class NotSignedIn(Unauthenticated):
    """The browser has no session."""

    code = "identity.not-signed-in"
    texts = {"en": "You are not signed in.", "zh": "您尚未登录。"}


class PageNotServed(NotFound):
    code = "identity.page-not-served"
    texts = {"en": "The platform does not serve this page.", "zh": "平台未提供该页面。"}


class ActionUnknown(InvalidInput):
    code = "identity.action-unknown"
    texts = {"en": "This page does not offer that.", "zh": "该页面没有此操作。"}


class PasswordsDiffer(InvalidInput):
    code = "identity.passwords-differ"
    texts = {"en": "The two passwords are not the same.", "zh": "两次输入的密码不一致。"}


class WayNotOffered(Forbidden):
    code = "identity.way-not-offered"
    texts = {"en": "This way to sign in is not offered here.", "zh": "此处不提供该登录方式。"}
