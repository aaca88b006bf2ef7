"""Find out why a signed request is refused: which step is wrong, and which usual mistake makes this signature.

For whoever has the key, in development; a service tells an outsider nothing of it.
"""
from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared_components.kernel.bilingual import Bilingual
from shared_components.security.errors import SignatureExpired, SignatureInvalid, SignatureMissing
from shared_components.security.request_signing import (
    KEY_ID_HEADER,
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    RequestVerifier,
    signature,
)


@dataclass(frozen=True)
class Diagnosis:
    """is_good: a service with this key would take the request. said: what is wrong, in both languages."""

    is_good: bool
    said: Bilingual


def diagnose(headers: Mapping[str, str], body: bytes, key: bytes, *, at: datetime) -> Diagnosis:
    """Judge a request as a service would, and name the mistake. headers: names in any case."""
    by_name = {name.lower(): value.strip() for name, value in headers.items()}
    key_id = by_name.get(KEY_ID_HEADER.lower(), "")
    try:
        RequestVerifier({key_id: key}).verify(by_name, body, at=at)
    except (SignatureMissing, SignatureExpired) as wrong:
        return Diagnosis(False, Bilingual(wrong.message, wrong.message_in("zh")))
    except SignatureInvalid:
        timestamp, given = by_name[TIMESTAMP_HEADER.lower()], by_name[SIGNATURE_HEADER.lower()]
        for made, mistake in _mistakes(key, timestamp, body):
            if hmac.compare_digest(made.encode(), given.encode()):
                return Diagnosis(False, mistake)
        if hmac.compare_digest(signature(key, timestamp, body).encode(), given.lower().encode()):
            return Diagnosis(False, Bilingual(
                f"{TIMESTAMP_HEADER} is no number of seconds since 1970", f"{TIMESTAMP_HEADER} 不是自 1970 年起的秒数"))
        return Diagnosis(False, Bilingual(
            "the signature is of another body, timestamp or key, and no usual mistake makes it",
            "签名对应的正文、时间戳或密钥不同，且不属于常见错误"))
    return Diagnosis(True, Bilingual("the signature is good", "签名正确"))


def _mistakes(key: bytes, timestamp: str, body: bytes) -> Iterator[tuple[str, Bilingual]]:
    """Signatures that usual mistakes make."""
    whole = timestamp.encode() + b"." + body
    yield _hex(key, body), Bilingual(
        "only the body was signed; sign timestamp + '.' + body", "只对正文签名；应对“时间戳 + . + 正文”签名")
    yield _hex(key, timestamp.encode() + body), Bilingual(
        "there is no '.' between timestamp and body", "时间戳与正文之间缺少“.”")
    yield base64.b64encode(hmac.digest(key, whole, "sha256")).decode(), Bilingual(
        "the signature is base64; 64 hex digits are allowed", "签名为 base64；应为 64 位十六进制数字")
    yield hashlib.sha256(key + whole).hexdigest(), Bilingual(
        "a plain SHA-256 with the key in front; HMAC-SHA256 is allowed", "使用了前置密钥的 SHA-256；应为 HMAC-SHA256")
    yield _hex(key, timestamp.encode() + b"." + body.rstrip(b"\r\n")), Bilingual(
        "the body was signed without its last line break; sign the bytes that are sent",
        "签名时去掉了正文末尾的换行；应对实际发送的字节签名")
    yield _hex(key, timestamp.encode() + b"." + body + b"\n"), Bilingual(
        "the body was signed with a line break that is not sent; sign the bytes that are sent",
        "签名时多了一个未发送的换行；应对实际发送的字节签名")
    yield _hex(key.strip(), whole), Bilingual(
        "the key has blanks or a line break around it", "密钥首尾带有空白或换行")
    yield _hex(_unhexed(key), whole), Bilingual(
        "the key was decoded from hex; its text is the key", "密钥被按十六进制解码；密钥就是文本本身")
    for written in _rewritten(body):
        yield _hex(key, timestamp.encode() + b"." + written), Bilingual(
            "the JSON was written anew before signing; sign the bytes that are sent",
            "签名前重新序列化了 JSON；应对实际发送的字节签名")


def _hex(key: bytes, signed: bytes) -> str:
    return hmac.digest(key, signed, "sha256").hex()


def _unhexed(key: bytes) -> bytes:
    try:
        return bytes.fromhex(key.decode("ascii"))
    except ValueError:
        return key


def _rewritten(body: bytes) -> Iterator[bytes]:
    """The usual ways in which libraries write the same JSON."""
    try:
        value = json.loads(body)
    except ValueError:
        return
    for ascii_only in (True, False):
        for separators in ((", ", ": "), (",", ":")):
            for ordered in (False, True):
                yield json.dumps(
                    value, ensure_ascii=ascii_only, separators=separators, sort_keys=ordered).encode()
