"""Alipay's gateway with the requests of its official SDK, over our transport and signer.

The SDK knows the interfaces' names and fields. Its client is not used (docs/adr/015-channel-packages.md): it signs in
pure Python (24 ms during which no other green thread runs), takes no port in an address, writes the host's local time
where Alipay wants China's, fails with TypeError on an HTTP error, and takes SHA-1 for RSA2.
"""
from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode

import httpx
from alipay.aop.api.util.SignatureUtils import get_sign_content
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from services.payment.channels.adapters.alipay.charsets import codec, declared_charset
from services.payment.channels.adapters.http import (
    answered_status,
    not_authentic,
    not_understood,
    refused,
    send,
    unavailable,
)
from shared_components.http.limited_client import limited_client
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual
from shared_components.security.rsa_keys import rsa_private_key, rsa_public_key

CHANNEL = "alipay"
CHINA = timezone(timedelta(hours=8))
SUCCESS, DECIDED = "10000", "40004"
PASSING = frozenset({
    "ACQ.SYSTEM_ERROR", "ACQ.REFUND_CHARGE_ERROR", "ACQ.SELLER_BALANCE_NOT_ENOUGH", "ACQ.CONCURRENT_UPDATE_ERROR",
    "AQC.SYSTEM_ERROR", "SYSTEM_ERROR",
})
"""Business codes that decide nothing: unknown, or to be tried again with the same number."""


def is_signed(key: RSAPublicKey, content: bytes, signature: str) -> bool:
    """RSA2 and nothing older."""
    try:
        key.verify(base64.b64decode(signature, validate=True), content, PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


class AlipayClient:
    def __init__(
        self, *, gateway_url: str, app_id: str, private_key: str, alipay_public_key: str, timeout_s: float
    ) -> None:
        self._gateway_url = gateway_url
        self._app_id = app_id
        self._key = rsa_private_key(private_key)
        self.alipay_key = rsa_public_key(alipay_public_key)
        self._http = limited_client(timeout_s)

    def address(self, request: Any) -> str:
        """A signed address for the payer's browser. request: of the SDK."""
        return f"{self._gateway_url}?{urlencode(self._signed(request.get_params()))}"

    def execute(self, request: Any) -> Mapping[str, Any]:
        """The verified answer. Raises ChannelRefused (a decision), ChannelUnavailable (nothing is known)."""
        params = self._signed(request.get_params())
        content = params.pop("biz_content")
        response = send(
            CHANNEL, self._http, "POST", self._gateway_url, params=params, data={"biz_content": content},
            headers={"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"},
        )
        if response.status_code != 200:
            raise answered_status(CHANNEL, response.status_code)
        return _judged(self._verified(response, params["method"]))

    def stop(self) -> None:
        self._http.close()

    def _signed(self, params: Mapping[str, str]) -> dict[str, str]:
        complete = {
            **params, "app_id": self._app_id, "format": "json", "charset": "utf-8", "sign_type": "RSA2",
            "timestamp": datetime.now(UTC).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
        }
        signature = self._key.sign(get_sign_content(complete).encode(), PKCS1v15(), SHA256())
        return {**complete, "sign": base64.b64encode(signature).decode()}

    def _verified(self, response: httpx.Response, method: str) -> Mapping[str, Any]:
        """Read only what is signed: the bytes of the method's own member, in the declared charset."""
        text, charset = _text_of(response)
        mark = f'"{method.replace(".", "_")}_response":'
        start = text.find(mark)
        try:
            signature = strict_json.read(text).get("sign")
            if start < 0:
                raise ValueError("another method's answer, or an error without a signature")
            start += len(mark) + len(text[start + len(mark):]) - len(text[start + len(mark):].lstrip())
            answer, end = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, AttributeError) as error:
            raise not_understood(CHANNEL) from error
        if not isinstance(signature, str) or not is_signed(self.alipay_key, text[start:end].encode(charset), signature):
            raise not_authentic(CHANNEL)
        if not isinstance(answer, dict):
            raise not_understood(CHANNEL)
        return answer


def _text_of(response: httpx.Response) -> tuple[str, str]:
    """An answer's text and the codec that gives its very bytes back. Raises ChannelUnavailable."""
    charset = codec(declared_charset(response.headers.get("Content-Type", "")))
    if charset is None:
        raise not_understood(CHANNEL)
    try:
        text = response.content.decode(charset)
    except UnicodeDecodeError as error:
        raise not_understood(CHANNEL) from error
    if text.encode(charset) != response.content:
        raise not_understood(CHANNEL)
    return text, charset


def _judged(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    code, sub_code = str(answer.get("code")), str(answer.get("sub_code", ""))
    if code == SUCCESS:
        return answer
    if code == DECIDED and sub_code not in PASSING:
        raise refused(CHANNEL, sub_code or code, str(answer.get("sub_msg", "no reason given"))[:200])
    raise unavailable(CHANNEL, Bilingual(
        f"answered with {(sub_code or code)[:64]!r}",
        f"应答为“{(sub_code or code)[:64]}”"))
