"""Signed JSON over HTTP to a channel: signature both ways, and errors that say what is known."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson

from services.payment.domain.errors import ChannelRefused, ChannelUnavailable
from shared_components.kernel.errors import Unauthenticated
from shared_components.security.request_signing import RequestVerifier, sign

BUSINESS_REFUSALS = frozenset({400, 409, 410, 422})
"""The channel has understood and decided. Everything else (401, 5xx, silence) leaves open what it did."""


class SignedHttp:
    """One keep-alive pool to one channel; httpx's blocking client, so it is green where sockets are."""

    def __init__(self, channel: str, base_url: str, *, key_id: str, secret: str, timeout_s: float) -> None:
        self._channel = channel
        self._key_id = key_id
        self._key = secret.encode()
        self._verifier = RequestVerifier({key_id: self._key})
        # No proxy from the environment: the address is configured, and what is sent there is about money.
        self._client = httpx.Client(
            base_url=base_url, timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, 3)), trust_env=False,
            follow_redirects=False,
        )

    def post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Raises ChannelRefused (a decision), ChannelUnavailable (nothing is known)."""
        content = orjson.dumps(body)
        headers = {"Content-Type": "application/json", **self._signed(content)}
        try:
            response = self._client.post(path, content=content, headers=headers)
        except httpx.HTTPError as error:
            raise self._unavailable(f"gave no answer ({type(error).__name__})") from error
        if response.status_code >= 400 and response.status_code not in BUSINESS_REFUSALS:
            raise self._unavailable(f"answered with HTTP {response.status_code}")
        answer = self._verified(response)
        if response.status_code >= 400:
            raise ChannelRefused(
                f"channel {self._channel!r} refused: {answer.get('message', 'no reason given')}",
                details={"channel_code": str(answer.get("code", response.status_code))},
            )
        return answer

    def close(self) -> None:
        self._client.close()

    def _signed(self, content: bytes) -> dict[str, str]:
        return sign(content, key_id=self._key_id, key=self._key, at=datetime.now(UTC))

    def _verified(self, response: httpx.Response) -> Mapping[str, Any]:
        """An answer that the channel has not signed is no answer: anybody on the way could have written it."""
        try:
            self._verifier.verify(response.headers, response.content, at=datetime.now(UTC))
            answer = orjson.loads(response.content)
        except (Unauthenticated, orjson.JSONDecodeError) as error:
            raise self._unavailable("sent an answer that is not authentic") from error
        if not isinstance(answer, dict):
            raise self._unavailable("sent an answer that is no JSON object")
        return answer

    def _unavailable(self, what: str) -> ChannelUnavailable:
        return ChannelUnavailable(
            f"channel {self._channel!r} {what}; ask again later", details={"retry_after_s": 5}
        )
