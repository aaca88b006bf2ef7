"""HTTP to carriers: one kept pool for each, and words for what is known when there is no answer."""
from __future__ import annotations

from typing import Any

import httpx

from services.notification.carriers.domain.carrier import Outcome
from shared_components.http.limited_client import limited_transport, whole_limit

LONGEST_S = 30.0


class NoAnswer(Exception):
    """There was no answer. outcome: `failed` where the request cannot have arrived, else `unknown`."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.code)
        self.outcome = outcome


def client(timeout_s: float, base_url: str = "") -> httpx.Client:
    """httpx's blocking client, so it is green where sockets are."""
    # No proxy from the environment: the address is configured, and what is sent there is personal.
    return httpx.Client(
        base_url=base_url, timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, 3)), trust_env=False,
        follow_redirects=False, transport=limited_transport(),
    )


def send(http: httpx.Client, method: str, url: str, **request: Any) -> httpx.Response:
    """Raises NoAnswer when there is no answer within the client's timeout, from connecting to the last byte."""
    try:
        with whole_limit(http.timeout.read or LONGEST_S):
            return http.request(method, url, **request)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        raise NoAnswer(Outcome("failed", "provider-unreachable")) from None
    except httpx.HTTPError:
        raise NoAnswer(Outcome("unknown", "provider-timeout")) from None
