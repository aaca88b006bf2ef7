"""HTTP to carriers: one kept pool for each, and words for what is known when there is no answer."""
from __future__ import annotations

from typing import Any

import httpx

from services.notification.carriers.domain.carrier import Outcome
from shared_components.http.limited_client import whole_limit

LONGEST_S = 30.0


class NoAnswer(Exception):
    """There was no answer. outcome: `failed` where the request cannot have arrived, else `unknown`."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.code)
        self.outcome = outcome


def send(http: httpx.Client, method: str, url: str, **request: Any) -> httpx.Response:
    """Raises NoAnswer when there is no answer within the client's timeout, from connecting to the last byte."""
    try:
        with whole_limit(http.timeout.read or LONGEST_S):
            return http.request(method, url, **request)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        raise NoAnswer(Outcome("failed", "provider-unreachable")) from None
    except httpx.HTTPError:
        raise NoAnswer(Outcome("unknown", "provider-timeout")) from None
