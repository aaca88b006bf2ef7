"""Fields of an app that say how it takes part in logins."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import ValidationError, fields, validate

from services.identity.directory.domain import redirects
from services.identity.directory.domain.access import CLIENT_TYPES, CONFIDENTIAL, SENSITIVE
from shared_components.contracts import Message, text
from shared_components.kernel.bilingual import Bilingual
from shared_components.security.client_keys import MOST_KEYS, problem_of_keys

BASE64URL = validate.Regexp(r"\A[A-Za-z0-9_-]{1,700}\Z", error=Bilingual(
    "1 to 700 characters of base64url are allowed.", "须为 1 至 700 个 base64url 字符。"))


def _address(uri: str) -> None:
    problem = redirects.problem_of(uri)
    if problem is not None:
        raise ValidationError(problem)


def _keys(keys: Sequence[Mapping[str, Any]]) -> None:
    problem = problem_of_keys(keys)
    if problem is not None:
        raise ValidationError(problem)


def _addresses(meaning: dict[str, object]) -> fields.List[Any]:
    return fields.List(
        fields.String(validate=[validate.Length(1, redirects.LONGEST), _address]), load_default=list,
        validate=validate.Length(0, 20), metadata=meaning)


def redirect_uris() -> fields.List[Any]:
    return _addresses(text(
        "Addresses that a login may return to: https of a host name, without query and fragment; http on this machine "
        "only, in production for public clients only. They are compared character by character; a public client's "
        "loopback address without a port matches any port.",
        "登录后允许跳转的地址：以主机名表示的 https 地址，不含查询串与片段；http 仅限本机，"
        "生产环境中仅限 public 客户端。逐字符比对；public 客户端登记的不带端口的本机回环地址可匹配任意端口。"))


def post_logout_redirect_uris() -> fields.List[Any]:
    return _addresses(text(
        "Addresses that a logout may return to, compared in the same way.", "退出登录后允许跳转的地址，比对方式相同。"))


def client_type() -> fields.String:
    return fields.String(
        load_default=CONFIDENTIAL, validate=validate.OneOf(CLIENT_TYPES), metadata=text(
            "confidential, or public: a program on the person's own machine, which proves itself by PKCE alone.",
            "客户端类型：confidential 可保管密钥，public 运行在用户设备上、仅凭 PKCE 校验。"))


def sensitive_scopes() -> fields.List[Any]:
    return fields.List(
        fields.String(validate=validate.OneOf(SENSITIVE)), load_default=list,
        validate=validate.Length(0, len(SENSITIVE)), metadata=text(
            "Scopes that the app may ask persons for only with its department's approval: credential (see and change "
            "how a person signs in). In the sandbox they hold at once.",
            "须经所属部门审批方可向用户申请的范围：credential 查看并更改登录方式。在沙箱中立即生效。"))


class ClientJwk(Message):
    """A public key as RFC 7517 has it."""

    kty = fields.String(required=True, validate=validate.OneOf(("EC", "RSA")), metadata=text(
        "The kind of key: EC or RSA.", "密钥类型：EC 或 RSA。"))
    kid = fields.String(required=True, validate=validate.Length(1, 64), metadata=text(
        "The key's name; what the app signs names it.", "密钥标识，应用签名时须注明。"))
    use = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(("sig",)), metadata=text(
        "sig, or left out.", "用途：sig，可不填。"))
    alg = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(("ES256", "PS256")), metadata=text(
        "The algorithm: ES256 or PS256; left out, that of the kind of key.", "算法：ES256 或 PS256；可不填。"))
    crv = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(("P-256",)), metadata=text(
        "The curve of an EC key: P-256.", "EC 密钥的曲线：P-256。"))
    x = fields.String(load_default=None, allow_none=True, validate=BASE64URL, metadata=text(
        "A coordinate of an EC key.", "EC 密钥的坐标。"))
    y = fields.String(load_default=None, allow_none=True, validate=BASE64URL, metadata=text(
        "The other coordinate of an EC key.", "EC 密钥的另一坐标。"))
    n = fields.String(load_default=None, allow_none=True, validate=BASE64URL, metadata=text(
        "The modulus of an RSA key.", "RSA 密钥的模数。"))
    e = fields.String(load_default=None, allow_none=True, validate=BASE64URL, metadata=text(
        "The exponent of an RSA key.", "RSA 密钥的指数。"))


class ClientJwks(Message):
    keys = fields.List(
        fields.Nested(ClientJwk), required=True, validate=[validate.Length(1, MOST_KEYS), _keys], metadata=text(
            "Public keys only; two while the app changes over.", "仅限公钥；更换期间可登记两个。"))


def jwks() -> fields.Nested:
    return fields.Nested(ClientJwks, load_default=None, allow_none=True, metadata=text(
        "Public keys (a JWK set) of a confidential client. Where tokens are given it then proves itself by "
        "private_key_jwt only; null: by an app key.",
        "confidential 客户端的公钥集（JWK Set）；登记后换取令牌时只接受 private_key_jwt，为 null 时使用应用密钥。"))
