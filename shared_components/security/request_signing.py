"""Signed HTTP requests between systems: HMAC-SHA256 over `timestamp + "." + raw body`.

The scheme common among payment webhooks; used for channel notifications and for outside systems' callbacks.
"""
from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

from shared_components.kernel.bilingual import Bilingual
from shared_components.security.errors import SignatureExpired, SignatureInvalid, SignatureMissing

TIMESTAMP_HEADER = "X-Zhongtai-Timestamp"
SIGNATURE_HEADER = "X-Zhongtai-Signature"
KEY_ID_HEADER = "X-Zhongtai-Key-Id"
LEEWAY_S = 300


def signature(key: bytes, timestamp: str, body: bytes) -> str:
    """64 hex digits. timestamp: epoch seconds, as the text that stands in the header."""
    return hmac.digest(key, timestamp.encode() + b"." + body, "sha256").hex()


def sign(body: bytes, *, key_id: str, key: bytes, at: datetime) -> dict[str, str]:
    """The three headers to send with the body."""
    timestamp = str(int(at.timestamp()))
    return {
        TIMESTAMP_HEADER: timestamp,
        SIGNATURE_HEADER: signature(key, timestamp, body),
        KEY_ID_HEADER: key_id,
    }


class RequestVerifier:
    """Checks signed requests.

    keys: key id → key; two ids at once while a key is being replaced.
    leeway_s: how far the timestamp may be from now, both ways. A request can be replayed within it: what is signed
    must carry an id that the receiver takes once.
    """

    def __init__(self, keys: Mapping[str, bytes], *, leeway_s: int = LEEWAY_S) -> None:
        self._keys = dict(keys)
        self._leeway_s = leeway_s
        self._decoy = secrets.token_bytes(32)

    def verify(self, headers: Mapping[str, str], body: bytes, *, at: datetime) -> str:
        """The id of the key that signed. headers: names in any case.

        Raises SignatureMissing, SignatureInvalid, SignatureExpired.
        """
        by_name = {name.lower(): value for name, value in headers.items()}
        timestamp, given, key_id = (_required(by_name, name) for name in (
            TIMESTAMP_HEADER, SIGNATURE_HEADER, KEY_ID_HEADER,
        ))
        # An unknown key id costs the same work and gets the same answer as a wrong signature.
        expected = signature(self._keys.get(key_id, self._decoy), timestamp, body)
        if not hmac.compare_digest(expected.encode(), given.lower().encode()):
            raise SignatureInvalid
        # Only after the signature, so that an outsider learns nothing about the clock.
        self._check_age(timestamp, at)
        return key_id

    def _check_age(self, timestamp: str, at: datetime) -> None:
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            raise SignatureInvalid(Bilingual(
                f"{TIMESTAMP_HEADER} is no number; epoch seconds are allowed",
                f"{TIMESTAMP_HEADER} 不是数字；应为自 1970 年起的秒数"))
        away_s = abs(at.astimezone(UTC).timestamp() - int(timestamp))
        if away_s > self._leeway_s:
            raise SignatureExpired(Bilingual(
                f"request was signed {int(away_s)} s away from now; {self._leeway_s} s either way are allowed",
                f"请求的签名时间与当前相差 {int(away_s)} 秒；前后允许 {self._leeway_s} 秒"))


def _required(by_name: Mapping[str, str], name: str) -> str:
    value = by_name.get(name.lower(), "")
    if not value:
        raise SignatureMissing(Bilingual(
            f"header {name} is missing; a signed request has all three X-Zhongtai headers",
            f"缺少请求头 {name}；签名请求须带齐三个 X-Zhongtai 请求头"))
    return value
