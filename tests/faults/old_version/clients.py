"""Clients of an upgrade: the old version's in a process of its own, stock nameko's messages, and HTTP."""
from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from shared_components.kernel.errors import AppError, OutcomeUnknown
from tests.faults.asking import Ask, RawUser

CALLER = Path(__file__).parent / "caller.py"
DEMO_KEY = "demo-app-key"
PAUSE_S = 0.3


class Refused(AppError):
    """Refusal that another program was told: code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class OldClient:
    """The old version's blocking client; calls of several threads go one after the other."""

    def __init__(self, tree: Path, url: str, *, caller: str, tenant: str) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(CALLER), url, caller, tenant], cwd=tree, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"PYTHONPATH": str(tree), "PATH": ""})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def call(self, service: str, method: str, kwargs: Mapping[str, Any], *, op_id: str, timeout_s: float) -> Any:
        asked = {"service": service, "method": method, "kwargs": dict(kwargs), "op_id": op_id, "timeout_s": timeout_s}
        assert self._process.stdin and self._process.stdout
        with self._lock:
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the old version's client ended")
        return _given(json.loads(line))


def _given(answer: Mapping[str, Any]) -> Any:
    if "code" not in answer:
        return answer["reply"]
    if answer["unknown"]:
        raise OutcomeUnknown(answer["message"])
    raise Refused(answer["code"], answer["message"])


class StockClient:
    """Messages as stock nameko sends them, with the user that the AMQP proxy would state."""

    def __init__(self, url: str) -> None:
        self._user, self._lock = RawUser(url), threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._user.close()

    def call(self, service: str, method: str, kwargs: Mapping[str, Any], *, op_id: str, timeout_s: float) -> Any:
        with self._lock:
            self._user.replies.pop(op_id, None)
            self._user.ask_plainly(service, Ask(op_id, method, kwargs), timeout_s=timeout_s)
            reply = self._user.replies.get(op_id)
        if reply is None:
            raise OutcomeUnknown("no reply")
        error = reply.get("error")
        if error:
            raise Refused(str(error.get("code")), str(error.get("message")))
        return reply["result"]


class HttpClient:
    """An app over HTTP. ports: of the gateways that a load balancer would have now; changed while calls go on."""

    def __init__(self, ports: list[int]) -> None:
        self.ports = ports
        self.repeated = 0
        self._http = httpx.Client(headers={"Authorization": f"Bearer {DEMO_KEY}"}, trust_env=False)
        self._turn = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def call(self, service: str, method: str, kwargs: Mapping[str, Any], *, op_id: str, timeout_s: float) -> Any:
        """Repeat under the same operation id while the connection is lost or the gateway says 503 or 504."""
        until = time.monotonic() + timeout_s
        while True:
            response = self.post(f"/v1/{service}/{method.replace('_', '-')}", json.dumps(kwargs).encode(),
                                 {"Idempotency-Key": op_id}, until - time.monotonic())  # fmt: skip
            if response is not None and response.status_code not in (503, 504):
                return _answered(response)
            if time.monotonic() > until:
                raise OutcomeUnknown("no answer over HTTP")
            self.repeated += 1
            time.sleep(PAUSE_S)

    def post(
        self, path: str, body: bytes, headers: Mapping[str, str], timeout_s: float = 20.0,
    ) -> httpx.Response | None:
        """None: the connection was lost."""
        self._turn += 1
        port = self.ports[self._turn % len(self.ports)]
        try:
            return self._http.post(f"http://127.0.0.1:{port}{path}", content=body, timeout=max(timeout_s, 1.0),
                                   headers={"Content-Type": "application/json", **headers})  # fmt: skip
        except httpx.TransportError:
            return None


def _answered(response: httpx.Response) -> Any:
    answer = response.json()
    if response.status_code != 200:
        raise Refused(str(answer.get("code")), str(answer.get("detail")))
    return answer


