"""Tokens of the Notify client libraries: JWT by HS256, made anew for each request.

Source: https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header
"""
from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notification.notify_api.domain.errors import NotifyTokenMissing, NotifyTokenRefused
from services.notification.notify_api.domain.keys import NotifyKey
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual

ALGORITHM, SCHEME = "HS256", "bearer"
LEEWAY_S = 30
LONGEST_TOKEN = 2048


@dataclass(frozen=True, slots=True)
class ShownToken:
    """A token that nobody has verified. service_id: whose key must have signed it."""

    service_id: str
    issued_at: float
    signed: bytes
    signature: bytes


def shown_token(authorization: str | None) -> ShownToken:
    """Take the header Authorization apart. Raises NotifyTokenMissing, NotifyTokenRefused."""
    scheme, _, token = (authorization or "").strip().partition(" ")
    if scheme.lower() != SCHEME or not token.strip():
        raise NotifyTokenMissing(Bilingual(
            "header Authorization has no token; 'Authorization: Bearer <JWT>' is allowed",
            "请求头 Authorization 中没有令牌；格式为 Authorization: Bearer <JWT>"))
    parts = token.strip().split(".")
    if len(parts) != 3 or len(token) > LONGEST_TOKEN:
        raise _refused("form", "token is no JWT of three parts; one signed by HS256 is allowed",
                       "令牌不是三段式 JWT；只允许以 HS256 签名的 JWT")
    header, claims = _object(parts[0]), _object(parts[1])
    if header.get("alg") != ALGORITHM or header.get("typ", "JWT") != "JWT":
        raise _refused("algorithm", "token is not signed by HS256; only HS256 is allowed",
                       "令牌不是以 HS256 签名；只允许 HS256")
    return ShownToken(
        _issuer(claims), _issued_at(claims), f"{parts[0]}.{parts[1]}".encode(), _decoded(parts[2]))


def verified(token: ShownToken, keys: Iterable[NotifyKey], *, at: datetime) -> NotifyKey:
    """The key that signed the token, of its service's keys. Raises NotifyTokenRefused."""
    signer = next((key for key in keys if _signed_by(token, key)), None)
    if signer is None:
        raise _refused("signature", "token is signed by no key of its issuer; create_notify_key makes one",
                       "令牌的签名与签发方的任何密钥都不符；可用 create_notify_key 创建密钥")
    if signer.revoked_at is not None:
        raise _refused("revoked", "the key that signed the token is revoked; create_notify_key makes another",
                       "签署令牌的密钥已撤销；可用 create_notify_key 另行创建")
    if abs(at.timestamp() - token.issued_at) > LEEWAY_S:
        raise _refused("time", f"token was issued more than {LEEWAY_S} s before or after now; set the clock right",
                       f"令牌签发时间与当前时间相差超过 {LEEWAY_S} 秒；请校准系统时钟")
    return signer


def _signed_by(token: ShownToken, key: NotifyKey) -> bool:
    if key.secret is None:
        return False
    expected = hmac.new(key.secret.encode(), token.signed, hashlib.sha256).digest()
    return hmac.compare_digest(expected, token.signature)


def _issuer(claims: dict[str, Any]) -> str:
    issuer = claims.get("iss")
    try:
        return str(UUID(issuer if isinstance(issuer, str) else ""))
    except ValueError:
        raise _refused("issuer", "token has no 'iss' that is a service id, a UUID",
                       "令牌缺少 iss，或 iss 不是服务编号（UUID）") from None


def _issued_at(claims: dict[str, Any]) -> float:
    issued_at = claims.get("iat")
    if isinstance(issued_at, bool) or not isinstance(issued_at, int | float) or not 0 <= issued_at < 1e11:
        raise _refused("time", "token has no 'iat' in seconds since 1970", "令牌缺少签发时间 iat（自 1970 年起的秒数）")
    return float(issued_at)


def _object(part: str) -> dict[str, Any]:
    try:
        found = strict_json.read(_decoded(part))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise _refused("form", "token has a part that is no JSON object", "令牌中有一段不是 JSON 对象")
    return found


def _decoded(part: str) -> bytes:
    try:
        return urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        raise _refused("form", "token has a part that is no base64url", "令牌中有一段不是 base64url 编码") from None


def _refused(reason: str, said: str, said_zh: str) -> NotifyTokenRefused:
    return NotifyTokenRefused(Bilingual(said, said_zh), details={"reason": reason})
