"""Kept HTTP connections of the citizens' app, the hospital and the payer."""
from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.benchmarks.cases.progress import CaseFailed

TIMEOUT_S = 60.0
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


class Http:
    """A connection to each host, kept; for one greenlet."""

    def __init__(self, url: str, key: str) -> None:
        self._url, self._key = url, key
        self._kept: dict[str, HTTPConnection] = {}

    def call(self, target: str, op_id: str, /, **request: Any) -> dict[str, Any]:
        """`matter.start_case` → POST /v1/matter/start-case."""
        headers = {"Authorization": f"Bearer {self._key}", "Idempotency-Key": op_id}
        path = "/v1/" + target.replace(".", "/").replace("_", "-")
        answer: dict[str, Any] = json.loads(self._post(self._url + path, json.dumps(request).encode(), headers))
        return answer

    def call_back(self, path: str, body: bytes, headers: Mapping[str, str]) -> None:
        self._post(self._url + path, body, headers)

    def press(self, page: str, action: str) -> None:
        """Press a button of the channel's payment page."""
        self._post(page, urlencode({"action": action}).encode(), {}, FORM)

    def _post(self, url: str, body: bytes, headers: Mapping[str, str], kind: str = JSON) -> bytes:
        address = urlsplit(url)
        ask = partial(self._ask, address.netloc, address.path, body, {"Content-Type": kind, **headers})
        try:
            status, content = ask()
        except ConnectionError:
            # The server has ended a connection that was idle for some seconds; each request has an id of its own.
            self._kept.pop(address.netloc).close()
            status, content = ask()
        if status >= HTTPStatus.BAD_REQUEST:
            raise CaseFailed(f"{address.path}: {status} {content[:300]!r}")
        return content

    def _ask(self, host: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        connection = self._kept.setdefault(host, HTTPConnection(host, timeout=TIMEOUT_S))
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
