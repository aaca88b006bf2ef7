"""Requests to a provider: only to configured addresses, without redirects, bounded in time and size."""
from __future__ import annotations

from collections.abc import Collection
from typing import Any

import httpx

from services.identity.upstream.domain.connection import origin_of
from services.identity.upstream.domain.errors import ProviderUnavailable
from shared_components.http.limited_client import limited_transport, whole_limit
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual

MOST_BYTES = 256 * 1024
RETRY_AFTER_S = 5


class ProviderHttp:
    """origins: all that a request may go to."""

    def __init__(self, provider: str, origins: Collection[str], *, timeout_s: float) -> None:
        self._provider, self._origins, self._timeout_s = provider, frozenset(origins), timeout_s
        # No proxy from the environment: the addresses are configured, and secrets are sent there.
        self._client = httpx.Client(
            timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, 3)), trust_env=False, follow_redirects=False,
            transport=limited_transport())

    def checked(self, address: Any) -> str:
        """The address itself, if it is one to which requests may go. Raises ProviderUnavailable."""
        try:
            if isinstance(address, str) and origin_of(address) in self._origins:
                return address
        except ValueError:
            pass
        raise self.unavailable("address-not-allowed", Bilingual(
            "names an address that is not configured", "给出了未配置的地址"))

    def json(self, method: str, address: str, **request: Any) -> tuple[int, dict[str, Any]]:
        """Status and JSON object of an answer. Raises ProviderUnavailable."""
        try:
            with whole_limit(self._timeout_s), self._client.stream(
                    method, self.checked(address), headers={"Accept": "application/json", **request.pop("headers", {})},
                    **request) as response:
                return response.status_code, self._object(response)
        except httpx.HTTPError as error:
            raise self.unavailable("no-answer", Bilingual(
                f"gave no answer ({type(error).__name__})", f"没有应答（{type(error).__name__}）")) from None

    def _object(self, response: httpx.Response) -> dict[str, Any]:
        body = b""
        for piece in response.iter_bytes():
            body += piece
            if len(body) > MOST_BYTES:
                raise self.unavailable("answer-too-large", Bilingual(
                    f"answered with more than {MOST_BYTES} bytes", f"应答超过 {MOST_BYTES} 字节"))
        try:
            found = strict_json.read(body)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise self.unavailable("answer-not-json", Bilingual(
                f"answered with HTTP {response.status_code} and no JSON object",
                f"应答为 HTTP {response.status_code}，且不是 JSON 对象"))
        return found

    def unavailable(self, reason: str, what: Bilingual) -> ProviderUnavailable:
        """The error of a provider that does not answer as it should."""
        return ProviderUnavailable(
            Bilingual(f"provider '{self._provider}' {what}", f"渠道“{self._provider}”{what.zh}"),
            details={"provider": self._provider, "reason": reason, "retry_after_s": RETRY_AFTER_S})
