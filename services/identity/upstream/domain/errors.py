"""Refusals of signing in through another provider. None tells whether an account exists here."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound, Unavailable


class ProviderUnknown(NotFound):
    code = "identity.provider-unknown"
    texts = {"en": "There is no such identity provider.", "zh": "没有此身份认证渠道。"}


class ProviderNotConfigured(Conflict):
    """The provider is known, and the configuration has no settings of it."""

    code = "identity.provider-not-configured"
    texts = {"en": "This identity provider is not configured.", "zh": "该身份认证渠道尚未配置。"}


class ProviderUnavailable(Unavailable):
    """The provider did not answer, or not as the protocol has it. details.reason says in which way."""

    code = "identity.provider-unavailable"
    texts = {"en": "The identity provider cannot be used now.", "zh": "该身份认证渠道暂不可用。"}


class UpstreamRefused(Forbidden):
    """The sign-in did not succeed at the provider, or its answer is not authentic.

    details.reason: `denied`, `answer-invalid`, `token-invalid`, `document-invalid`, `level-too-low`.
    """

    code = "identity.upstream-refused"
    texts = {"en": "The sign-in at the other provider did not succeed.", "zh": "通过该渠道登录未成功。"}


class UpstreamSignInOver(InvalidInput):
    """Unknown, used, expired, or begun in another browser: the four look the same."""

    code = "identity.upstream-sign-in-over"
    texts = {"en": "This sign-in is over; begin anew.", "zh": "本次登录已失效，请重新开始。"}


class UpstreamNotLinked(Forbidden):
    """One answer for every reason: the account is unknown, frozen, or differs in its name."""

    code = "identity.upstream-not-linked"
    texts = {
        "en": "This way does not lead to an account here. Sign in otherwise and link it, or ask a counter.",
        "zh": "无法通过该渠道登录本平台账号；请以其他方式登录后绑定，或到窗口办理。"}


class LinkTaken(Conflict):
    """The person at the provider belongs to another account, or the account has a link with it already."""

    code = "identity.link-taken"
    texts = {"en": "This identity is linked already.", "zh": "该身份已绑定。"}


class LinkNotFound(NotFound):
    code = "identity.link-not-found"
    texts = {"en": "There is no such link.", "zh": "绑定不存在。"}
