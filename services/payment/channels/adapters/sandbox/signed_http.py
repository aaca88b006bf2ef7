"""Signed JSON over HTTP to a channel: signature both ways, and errors that say what is known."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson

from services.payment.channels.adapters.http import (
    answered_status,
    not_accepted,
    not_authentic,
    refused,
    send,
    unavailable,
)
from shared_components.http.limited_client import limited_client
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import Unauthenticated
from shared_components.security.request_signing import RequestVerifier, sign

BUSINESS_REFUSALS = frozenset({400, 409, 410, 422})
"""The channel has understood and decided. Everything else (401, 5xx, silence) leaves open what it did."""
UNAUTHENTICATED = 401


class SignedHttp:
    """Signed requests and answers over one pool of connections."""

    def __init__(self, channel: str, base_url: str, *, key_id: str, secret: str, timeout_s: float) -> None:
        self._channel = channel
        self._key_id = key_id
        self._key = secret.encode()
        self._verifier = RequestVerifier({key_id: self._key})
        self._client = limited_client(timeout_s, base_url)

    def post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Raises ChannelRefused (a decision), ChannelUnavailable (nothing is known), ChannelMisconfigured (it does
        not know us; signed or not: it can't sign with a secret that we do not share)."""
        content = orjson.dumps(body)
        headers = {"Content-Type": "application/json", **self._signed(content)}
        response = send(self._channel, self._client, "POST", path, content=content, headers=headers)
        if response.status_code == UNAUTHENTICATED:
            raise not_accepted(self._channel, response.status_code, "merchant_id and secret")
        if response.status_code >= 400 and response.status_code not in BUSINESS_REFUSALS:
            raise answered_status(self._channel, response.status_code)
        answer = self._verified(response)
        if response.status_code >= 400:
            code = str(answer.get("code", response.status_code))
            raise refused(self._channel, code, answer.get("message", "no reason given"))
        return answer

    def close(self) -> None:
        self._client.close()

    def _signed(self, content: bytes) -> dict[str, str]:
        return sign(content, key_id=self._key_id, key=self._key, at=datetime.now(UTC))

    def _verified(self, response: httpx.Response) -> Mapping[str, Any]:
        """An answer that the channel has not signed is no answer: anybody on the way could have written it."""
        try:
            self._verifier.verify(response.headers, response.content, at=datetime.now(UTC))
            answer = strict_json.read(response.content)
        except (Unauthenticated, strict_json.JsonRefused) as error:
            raise not_authentic(self._channel) from error
        if not isinstance(answer, dict):
            raise unavailable(
                self._channel, Bilingual("sent an answer that is no JSON object", "的应答不是 JSON 对象"))
        return answer
