"""Requests of the gateway to the endpoints of OAuth and OpenID Connect, and their answers."""
from __future__ import annotations

from dataclasses import dataclass, field

from marshmallow import fields, validate

from services.identity.openid.domain.parameters import LONGEST_TEXT
from shared_components.contracts import Message, text
from shared_components.contracts.base import PERSONAL, SECRET

LONGEST_HEADER = 8300


@dataclass(frozen=True, slots=True)
class EndpointCall:
    """parameters: a query or a form as it came. authorization: the header. address: from which the request came."""

    parameters: str = field(default="", repr=False)
    authorization: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)


class CallEndpoint(Message):
    command = EndpointCall
    parameters = fields.String(load_default="", validate=validate.Length(0, LONGEST_TEXT), metadata=text(
        "The query or the form, encoded as it came.", "原样传递的查询串或表单。", data_class=SECRET))
    authorization = fields.String(
        load_default=None, allow_none=True, validate=validate.Length(0, LONGEST_HEADER), metadata=text(
            "The header Authorization.", "请求头 Authorization。", data_class=SECRET))
    address = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 64), metadata=text(
        "The network address from which the request came, for limits on failed proofs.",
        "请求来源的网络地址，用于限制失败次数。", data_class=PERSONAL))


class AskServer(Message):
    """Asks for what is the same for everybody."""


class EndpointAnswer(Message):
    """The answer that the gateway gives over HTTP."""

    status = fields.Integer(metadata=text("The HTTP status.", "HTTP 状态码。"))
    body = fields.Dict(allow_none=True, metadata=text(
        "The JSON object of the answer; null: there is none.", "返回的 JSON 对象；没有则为 null。", data_class=SECRET))
    location = fields.String(allow_none=True, metadata=text(
        "Where the browser is sent; null: nowhere.", "浏览器跳转的地址；不跳转为 null。", data_class=SECRET))
    challenge = fields.String(allow_none=True, metadata=text(
        "The header WWW-Authenticate; null: there is none.", "响应头 WWW-Authenticate；没有则为 null。"))


class Document(Message):
    """A public document in JSON."""

    document = fields.Dict(metadata=text("The JSON object.", "JSON 对象。"))
