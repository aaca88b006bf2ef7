"""Requests and replies of the login and the account, between the gateway and identity."""
from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.identity.login.domain.interaction import ACCOUNT_PAGES
from services.identity.login.domain.steps import STEPS
from services.identity.login.usecases import commands
from shared_components.contracts import Message, text
from shared_components.contracts.base import PERSONAL, SECRET, SENSITIVE

ID = validate.Length(1, 64)
SECRET_LENGTH = validate.Length(1, 64)
LONGEST_VALUE, MOST_FIELDS, LONGEST_QUERY = 16_384, 20, 4096
INTERACTION_TEXT = text("The login's id, such as lgn_….", "登录过程编号（lgn_ 开头）。")
PAGES_TEXT = text(
    "A page of the account: sessions, mandates, consents, sign-in, requests.",
    "“我的账号”页面：sessions 登录会话，mandates 授权经办，consents 应用授权，sign-in 登录方式，"
    "requests 个人信息请求。")


class _Browser(Message):
    browser = fields.String(load_default=None, allow_none=True, validate=SECRET_LENGTH, metadata=text(
        "The secret of the browser's cookie; null for a browser without one.",
        "浏览器 Cookie 中的密文；没有则为 null。",
        data_class=SECRET))
    device = fields.String(load_default=None, allow_none=True, validate=SECRET_LENGTH, metadata=text(
        "The device's long-lived secret, for limits on guesses.", "设备长期标识密文，用于限制猜测次数。",
        data_class=SECRET))
    address = fields.String(required=True, validate=validate.Length(1, 64), metadata=text(
        "The browser's network address, for limits on guesses.", "浏览器的网络地址，用于限制猜测次数。",
        data_class=PERSONAL))


class OfBrowser(_Browser):
    command = commands.OfBrowser


def _answers() -> Any:
    return fields.Dict(
        keys=fields.String(validate=validate.Length(1, 40)),
        values=fields.String(validate=validate.Length(0, LONGEST_VALUE)), required=True,
        validate=validate.Length(0, MOST_FIELDS), metadata=text(
            "The form's fields.", "表单字段。", data_class=SECRET))


class BeginLogin(_Browser):
    command = commands.BeginLogin
    request_id = fields.String(load_default=None, allow_none=True, validate=ID, metadata=text(
        "The authorization request that the login is for.", "登录所对应的授权请求编号。"))
    target = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(ACCOUNT_PAGES), metadata=PAGES_TEXT)
    fresh = fields.Boolean(load_default=False, metadata=text(
        "Whether the person has to sign in anew, unless that was just now.", "是否须重新登录（刚刚登录的除外）。"))


class OfLogin(_Browser):
    command = commands.OfLogin
    interaction = fields.String(required=True, validate=ID, metadata=INTERACTION_TEXT)


class ContinueLogin(_Browser):
    command = commands.ContinueLogin
    interaction = fields.String(required=True, validate=ID, metadata=INTERACTION_TEXT)
    answers = _answers()


class ReturnFromUpstream(_Browser):
    command = commands.ReturnFromUpstream
    provider = fields.String(required=True, validate=ID, metadata=text(
        "The other identity provider's name.", "外部身份提供方名称。"))
    query = fields.String(required=True, validate=validate.Length(0, LONGEST_QUERY), metadata=text(
        "The query that the browser came back with.", "浏览器返回时携带的查询串。", data_class=SECRET))


class ReadAccount(_Browser):
    command = commands.ReadAccount
    page = fields.String(required=True, validate=validate.OneOf(ACCOUNT_PAGES), metadata=PAGES_TEXT)


class ChangeAccount(_Browser):
    command = commands.ChangeAccount
    page = fields.String(required=True, validate=validate.OneOf(ACCOUNT_PAGES), metadata=PAGES_TEXT)
    answers = _answers()


class Choice(Message):
    value = fields.String(metadata=text("The form's value.", "表单值。"))
    label = fields.String(metadata=text("The text beside it.", "显示文字。", data_class=PERSONAL))
    hint = fields.String(allow_none=True, metadata=text("An explanation.", "说明。", data_class=PERSONAL))


class Problem(Message):
    field = fields.String(metadata=text("The form's field.", "表单字段。"))
    message = fields.String(metadata=text("What is wrong with it.", "错误说明。"))


def _choices(en: str, zh: str) -> Any:
    return fields.List(fields.Nested(Choice), metadata=text(en, zh))


def _problems() -> Any:
    return fields.List(fields.Nested(Problem), metadata=text("What is wrong with the form.", "表单中的错误。"))


class Step(Message):
    interaction = fields.String(metadata=INTERACTION_TEXT)
    page = fields.String(validate=validate.OneOf(STEPS), metadata=text("The step.", "所处步骤。"))
    location = fields.String(allow_none=True, metadata=text(
        "Where the browser goes; null shows the page.", "浏览器跳转地址；为 null 时显示页面。", data_class=SECRET))
    language = fields.String(allow_none=True, metadata=text(
        "The language that the app asked for: zh or en.", "应用指定的语言：zh 或 en。"))
    app_title = fields.String(allow_none=True, metadata=text("The app's title.", "应用名称。"))
    app_owner = fields.String(allow_none=True, metadata=text("The department of the app.", "应用所属部门。"))
    account = fields.String(allow_none=True, metadata=text(
        "Whose account it is, masked.", "账号（已脱敏）。", data_class=PERSONAL))
    identifier = fields.String(allow_none=True, metadata=text(
        "The identifier that the app suggests.", "应用建议的登录标识。", data_class=SENSITIVE))
    choices = _choices("Answers to choose from.", "可选项。")
    providers = _choices("Other identity providers.", "外部身份提供方。")
    level_now = fields.Integer(metadata=text("The assurance level now.", "当前实名等级。"))
    level_needed = fields.Integer(metadata=text("The least level that is needed.", "所需的最低实名等级。"))
    restart = fields.Boolean(metadata=text(
        "Whether the person may sign in as somebody else.", "是否可更换账号。"))
    leads_to = fields.String(allow_none=True, metadata=text(
        "Where the browser goes in the end.", "登录完成后返回的地址。"))
    errors = _problems()
    new_browser = fields.String(allow_none=True, metadata=text(
        "A new secret for the browser's cookie.", "浏览器 Cookie 的新密文。", data_class=SECRET))


class Fact(Message):
    label = fields.String(metadata=text("The fact's name.", "名称。"))
    value = fields.String(metadata=text("The fact.", "内容。", data_class=PERSONAL))


class Row(Message):
    id = fields.String(metadata=text("The thing's id.", "编号。"))
    title = fields.String(metadata=text("Its title.", "标题。", data_class=PERSONAL))
    state = fields.String(allow_none=True, metadata=text("Its state.", "状态。"))
    facts = fields.List(fields.Nested(Fact), metadata=text("Facts about it.", "详情。"))
    actions = _choices("Actions that are offered.", "可执行的操作。")


class Enrolment(Message):
    """An authenticator app that waits for its first code."""

    credential_id = fields.String(metadata=text("The id of the way to sign in.", "登录方式编号。"))
    secret = fields.String(metadata=text(
        "The secret in base32, for typing into the app.", "密钥（base32），可手工输入身份验证器。", data_class=SECRET))
    uri = fields.String(metadata=text(
        "The address for a QR code.", "用于生成二维码的地址。", data_class=SECRET))


class AccountFile(Message):
    """A file for the person."""

    name = fields.String(metadata=text("The file's name.", "文件名。"))
    media_type = fields.String(metadata=text("The file's media type.", "文件类型。"))
    content = fields.String(metadata=text("The file in base64.", "文件内容（base64）。", data_class=SENSITIVE))


class Account(Message):
    account = fields.String(allow_none=True, metadata=text(
        "Whose account it is, masked.", "账号（已脱敏）。", data_class=PERSONAL))
    location = fields.String(allow_none=True, metadata=text(
        "Where the browser goes; null shows the page.", "浏览器跳转地址；为 null 时显示页面。"))
    notice = fields.String(allow_none=True, metadata=text("What was done.", "操作结果。"))
    rows = fields.List(fields.Nested(Row), metadata=text("The page's things.", "页面内容。"))
    choices = _choices("Answers of the page's own form.", "页面表单的可选项。")
    errors = _problems()
    new_browser = fields.String(allow_none=True, metadata=text(
        "A new secret for the browser's cookie.", "浏览器 Cookie 的新密文。", data_class=SECRET))
    enrolment = fields.Nested(Enrolment, allow_none=True, metadata=text(
        "An authenticator app to be added; null: none.", "待添加的身份验证器；没有则为 null。"))
    codes = fields.List(fields.String(), metadata=text(
        "New recovery codes, shown once.", "新的恢复码，仅显示一次。", data_class=SECRET))
    file = fields.Nested(AccountFile, allow_none=True, metadata=text(
        "A file that the browser stores; null: the page is shown.", "供浏览器保存的文件；为 null 时显示页面。"))


class PasskeyOptions(Message):
    options = fields.Dict(metadata=text(
        "Options as WebAuthn has them, for the browser.", "WebAuthn 选项，供浏览器使用。", data_class=SECRET))


class SignedOut(Message):
    signed_out = fields.Boolean(metadata=text("Whether a session was ended.", "是否结束了会话。"))
