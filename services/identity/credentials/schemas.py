"""Requests, replies and events of credentials."""
from __future__ import annotations

from marshmallow import fields, validate

from services.identity.credentials.domain.passwords import LONGEST
from services.identity.credentials.usecases import (
    account,
    add_second_factors,
    change_password,
    confirm_identity,
    guardian_consents,
    passkeys,
)
from services.identity.credentials.usecases.events import ACCOUNT_WARNED, CODE_REQUESTED
from services.identity.subjects.schemas import ID_NUMBER, NAME, PERSONAL, SENSITIVE
from shared_components.contracts import EventContract, Message, SubjectId, text

SECRET = {"data_class": "secret"}
CREDENTIAL_ID = text("The id of a sign-in method, such as crd_….", "登录方式编号（crd_ 开头）。")
CHALLENGE_ID = text("The id of the challenge, such as chl_….", "验证请求编号（chl_ 开头）。")
CONSENT_ID = text("The id of the consent, such as gcs_….", "监护人同意记录编号（gcs_ 开头）。")
EXPIRES_AT = text("Until when it counts, UTC.", "有效期至（UTC）。")
PASSKEY_NAME = text(
    "A name by which the person knows the passkey again, 1 to 64 characters.", "便于本人辨认的名称，1 至 64 字。",
    **PERSONAL)


def _confirmation() -> fields.String:
    return fields.String(required=True, validate=validate.Length(1, 200), metadata=text(
        "The token that confirm_identity gave, in this session, at most five minutes ago.",
        "confirm_identity 返回的确认凭据，须为本次登录内五分钟以内取得。", **SECRET))


def _id(metadata: dict[str, object]) -> fields.String:
    return fields.String(required=True, validate=validate.Length(1, 64), metadata=metadata)


class Nothing(Message):
    command = account.ListSignInMethods


class ForChildren(Message):
    command = guardian_consents.ListForChildren


class ConfirmIdentity(Message):
    command = confirm_identity.ConfirmIdentity
    method = fields.String(required=True, validate=validate.OneOf(confirm_identity.METHODS), metadata=text(
        "How: password, totp (authenticator app), recovery-code, or code (sent by send_confirmation_code).",
        "验证方式：password 密码，totp 动态口令，recovery-code 恢复码，code 由 send_confirmation_code 发送的验证码。"))
    secret = fields.String(required=True, validate=validate.Length(1, LONGEST), metadata=text(
        "The password or the code.", "密码或验证码。", **SECRET))
    challenge_id = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(1, 64), metadata=CHALLENGE_ID)


class Confirmation(Message):
    token = fields.String(metadata=text(
        "Shown with the changes that follow, in this session.", "在本次登录内变更登录方式时提交。", **SECRET))
    expires_at = fields.AwareDateTime(metadata=EXPIRES_AT)


class CodeSent(Message):
    challenge_id = fields.String(metadata=CHALLENGE_ID)
    expires_at = fields.AwareDateTime(metadata=EXPIRES_AT)


class Confirmed(Message):
    command = add_second_factors.Confirmed
    confirmation = _confirmation()


class ChangePassword(Message):
    command = change_password.ChangePassword
    confirmation = _confirmation()
    new_password = fields.String(required=True, validate=validate.Length(1, 1024), metadata=text(
        "8 to 128 characters that are hard to guess; no rule of composition.",
        "8 至 128 个字符，不易被猜中即可，不要求字符组合。", **SECRET))


class Changed(Message):
    recovered = fields.Boolean(metadata=text(
        "True: the account was recovered by a sent code or a recovery code; all sessions ended, and its evidence "
        "counts no more.",
        "为 true 表示通过验证码或恢复码找回：所有登录已退出，原实名核验失效。"))


class SetUsername(Message):
    command = account.SetUsername
    confirmation = _confirmation()
    username = fields.String(required=True, validate=validate.Length(1, 64), metadata=text(
        "4 to 32 characters: a letter first, then letters, digits, '_', '.', '-'.",
        "4 至 32 个字符：首位为字母，其后可用字母、数字、“_”、“.”、“-”。", **PERSONAL))


class NameSignInMethod(Message):
    command = account.NameSignInMethod
    credential_id = _id(CREDENTIAL_ID)
    name = fields.String(required=True, validate=validate.Length(1, 64), metadata=PASSKEY_NAME)


class RemoveSignInMethod(Message):
    command = account.RemoveSignInMethod
    confirmation = _confirmation()
    credential_id = _id(CREDENTIAL_ID)


class SignInMethod(Message):
    credential_id = fields.String(metadata=CREDENTIAL_ID)
    kind = fields.String(metadata=text(
        "password, totp or passkey.", "类别：password 密码，totp 动态口令，passkey 通行密钥。"))
    name = fields.String(allow_none=True, metadata=PASSKEY_NAME)
    created_at = fields.AwareDateTime(metadata=text("When it was added, UTC.", "添加时间（UTC）。"))
    changed_at = fields.AwareDateTime(metadata=text("When it was last changed, UTC.", "最近变更时间（UTC）。"))
    used_at = fields.AwareDateTime(allow_none=True, metadata=text(
        "When it was last used, UTC; null before that.", "最近使用时间（UTC）；未使用为 null。"))


class SignInMethods(Message):
    username = fields.String(allow_none=True, metadata=text(
        "The username; null without one.", "用户名；未设置为 null。", **PERSONAL))
    items = fields.List(fields.Nested(SignInMethod), metadata=text(
        "The sign-in methods, oldest first.", "登录方式，最早的在前。"))
    recovery_codes = fields.Integer(metadata=text("How many recovery codes are left.", "剩余恢复码数量。"))


class FinishTotp(Message):
    command = add_second_factors.FinishTotp
    confirmation = _confirmation()
    credential_id = _id(CREDENTIAL_ID)
    code = fields.String(required=True, validate=validate.Length(1, 16), metadata=text(
        "The code that the authenticator app shows.", "验证器应用当前显示的口令。", **SECRET))


class NewTotp(Message):
    credential_id = fields.String(metadata=CREDENTIAL_ID)
    secret = fields.String(metadata=text("The secret for typing, in base32.", "供手动输入的密钥（base32）。", **SECRET))
    uri = fields.String(metadata=text(
        "The otpauth address for a QR code.", "供生成二维码的 otpauth 地址。", **SECRET))


class RecoveryCodes(Message):
    codes = fields.List(fields.String(), metadata=text(
        "The codes, each good once; they are shown now and never again.",
        "恢复码，每个限用一次；仅显示一次。", **SECRET))


class PasskeyOptions(Message):
    challenge_id = fields.String(metadata=CHALLENGE_ID)
    options = fields.Dict(metadata=text(
        "PublicKeyCredentialCreationOptionsJSON of WebAuthn, under publicKey.",
        "WebAuthn 的 PublicKeyCredentialCreationOptionsJSON（在 publicKey 下）。"))
    expires_at = fields.AwareDateTime(metadata=EXPIRES_AT)


class FinishPasskey(Message):
    command = passkeys.FinishPasskey
    challenge_id = _id(CHALLENGE_ID)
    name = fields.String(required=True, validate=validate.Length(1, 64), metadata=PASSKEY_NAME)
    response = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 64)), required=True, validate=validate.Length(1, 20),
        metadata=text("RegistrationResponseJSON of WebAuthn.", "WebAuthn 的 RegistrationResponseJSON。", **SECRET))


class AgreeForChild(Message):
    command = guardian_consents.AgreeForChild
    child_number = fields.String(required=True, validate=ID_NUMBER, metadata=text(
        "The child's resident identity number.", "未成年人的居民身份证号码。", **SENSITIVE))
    child_name = fields.String(required=True, validate=NAME, metadata=text(
        "The child's name in full.", "未成年人的姓名。", **PERSONAL))


class RevokeForChild(Message):
    command = guardian_consents.RevokeForChild
    consent_id = _id(CONSENT_ID)


class GuardianConsent(Message):
    consent_id = fields.String(metadata=CONSENT_ID)
    child_subject = SubjectId(metadata=text("The child's subject id.", "未成年人的主体编号。"))
    state = fields.String(metadata=text("accepted or revoked.", "状态：accepted 已同意，revoked 已撤回。"))
    given_at = fields.AwareDateTime(metadata=text("When it was given, UTC.", "同意时间（UTC）。"))
    revoked_at = fields.AwareDateTime(allow_none=True, metadata=text(
        "When it was taken back, UTC; null before that.", "撤回时间（UTC）；未撤回为 null。"))


class GuardianConsents(Message):
    items = fields.List(fields.Nested(GuardianConsent), metadata=text(
        "The consents, newest first.", "同意记录，最新的在前。"))


class CodeRequested(Message):
    challenge_id = fields.String(metadata=text(
        "The id of the challenge; the code itself is in no event.", "验证码请求编号；事件中不含验证码。"))


class SignInMethodChanged(Message):
    subject_id = SubjectId(metadata=text(
        "The id of the subject whose account was changed.", "账号变动的主体编号。"))
    what = fields.String(metadata=text(
        "The change, such as password-changed or passkey-added.", "变动内容代码，如 password-changed、passkey-added。"))


EVENTS = (
    EventContract(CODE_REQUESTED, CodeRequested,
                  summary="A sign-in code was asked for, whether somebody gets one or not.",
                  summary_zh="有人请求登录验证码（无论账号是否存在）。"),
    EventContract(ACCOUNT_WARNED, SignInMethodChanged, summary="A sign-in method of an account was changed.",
                  summary_zh="账号的登录方式有变动。"),
)
