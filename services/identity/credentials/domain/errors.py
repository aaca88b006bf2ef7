"""Refusals of credentials. No message tells whether an account exists, or which part was wrong."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound, TooManyRequests, Unavailable


class SignInRefused(Forbidden):
    """The same for an unknown identifier, one that leads to several accounts, a wrong secret, and an account that is
    frozen, closed, or guessed at too often."""

    code = "identity.sign-in-details-refused"
    texts = {
        "en": "These sign-in details are not accepted. Check them, use your identity number if others share your "
              "mobile or e-mail, or try again later.",
        "zh": "登录信息未通过。请核对后重试；手机号或邮箱与他人共用时，请改用证件号码；或稍后再试。",
    }


class TooManyAttempts(TooManyRequests):
    """Too many attempts from this device or address, or with this identifier, whether an account has it or not."""

    code = "identity.too-many-attempts"
    texts = {"en": "Too many sign-in attempts; wait before the next one.", "zh": "登录尝试过于频繁，请稍后再试。"}


class TooManyCodes(TooManyRequests):
    """A code was asked for too often with this identifier, whether an account has it or not."""

    code = "identity.too-many-codes"
    texts = {"en": "Too many codes were asked for; wait before the next one.", "zh": "验证码获取过于频繁，请稍后再试。"}


class CodeChannelNotBuilt(InvalidInput):
    code = "identity.code-channel-not-built"
    texts = {"en": "Codes cannot be sent through this channel yet.", "zh": "暂不支持通过该渠道发送验证码。"}


class HashingBusy(Unavailable):
    """More passwords wait to be checked than can be in time; none was checked."""

    code = "identity.hashing-busy"
    texts = {"en": "Too many sign-ins at once; try again shortly.", "zh": "当前登录人数较多，请稍后重试。"}


class PasswordNotAllowed(InvalidInput):
    """details.reason: `too-short`, `too-long`, `common`, `of-account`, `control-character`."""

    code = "identity.password-not-allowed"
    http_status = 422
    texts = {"en": "This password is not allowed.", "zh": "该密码不符合要求。"}


class UsernameNotAllowed(InvalidInput):
    code = "identity.username-not-allowed"
    http_status = 422
    texts = {"en": "This username is not allowed.", "zh": "该用户名不符合要求。"}


class UsernameTaken(Conflict):
    code = "identity.username-taken"
    texts = {"en": "This username is taken.", "zh": "该用户名已被使用。"}


class CodeRefused(Forbidden):
    """The same for a wrong, used, expired and unknown code, and for one of another browser."""

    code = "identity.code-refused"
    texts = {
        "en": "The code is not accepted. Check it, or ask for a new one; use your identity number if others share your "
              "mobile or e-mail.",
        "zh": "验证码未通过。请核对，或重新获取；手机号或邮箱与他人共用时，请改用证件号码。",
    }


class PasskeyRefused(Forbidden):
    """The same for every reason: a wrong signature, challenge, origin or counter, and an unknown passkey."""

    code = "identity.passkey-refused"
    texts = {"en": "The passkey is not accepted.", "zh": "通行密钥未通过验证。"}


class PasskeysNotConfigured(Unavailable):
    code = "identity.passkeys-not-configured"
    texts = {"en": "Passkeys are not set up on this platform.", "zh": "本平台尚未配置通行密钥。"}


class ConfirmationNeeded(Forbidden):
    """A change of a sign-in method needs a fresh proof of the person, made in the same session."""

    code = "identity.confirmation-needed"
    texts = {"en": "Confirm that it is you first.", "zh": "请先重新验证身份。"}


class ActingForAnother(Forbidden):
    code = "identity.acting-for-another"
    texts = {
        "en": "Sign-in methods are managed by the person alone, never under a mandate.",
        "zh": "登录方式只能由本人管理，不能代办。",
    }


class SignInMethodNotFound(NotFound):
    code = "identity.sign-in-method-not-found"
    texts = {"en": "There is no such sign-in method.", "zh": "没有该登录方式。"}


class LastSignInMethod(Conflict):
    code = "identity.last-sign-in-method"
    texts = {"en": "The last way to sign in cannot be removed.", "zh": "不能移除最后一种登录方式。"}


class TooManySignInMethods(Conflict):
    code = "identity.too-many-sign-in-methods"
    texts = {"en": "The account has as many sign-in methods of this kind as are allowed.",
             "zh": "该类登录方式的数量已达上限。"}


class GuardianConsentNeeded(Forbidden):
    """The person has shown that the account is theirs, is under 14, and no guardian agrees."""

    code = "identity.guardian-consent-needed"
    texts = {
        "en": "A person under 14 can sign in once a guardian has agreed.",
        "zh": "未满十四周岁的，须经监护人同意后方可登录。",
    }


class GuardianNotConfirmed(Forbidden):
    """The same for an authority that says no, a wrong name or number, and somebody who is no child any more."""

    code = "identity.guardian-not-confirmed"
    texts = {
        "en": "The authority did not confirm that you are the guardian of this child.",
        "zh": "权威机构未能确认您是该未成年人的监护人。",
    }


class GuardianConsentNotFound(NotFound):
    code = "identity.guardian-consent-not-found"
    texts = {"en": "There is no such consent.", "zh": "没有该同意记录。"}
