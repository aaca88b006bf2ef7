"""Requests, replies and events of credentials."""
from __future__ import annotations

from marshmallow import fields

from services.identity.credentials.usecases.events import ACCOUNT_WARNED, CODE_REQUESTED
from shared_components.contracts import EventContract, Message, SubjectId, text


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
