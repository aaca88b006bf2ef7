"""Registers of departments over HTTP: a signed question as JSON, a bounded answer, only configured addresses."""
from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import httpx

from services.matter.kinds.check.ports import Registers
from shared_components.http.limited_client import limited_transport, whole_limit
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import Unavailable
from shared_components.security.request_signing import sign

LARGEST_ANSWER = 64 * 1024
FAILURES_TO_OPEN, LEFT_ALONE_S = 5, 5.0
RETRY_AFTER_S = 5


@dataclass(frozen=True, slots=True)
class RegisterAddress:
    """tenants: whose cases may ask; None: those of every tenant."""

    name: str
    url: str
    key_id: str
    key: bytes
    timeout_s: float
    tenants: frozenset[str] | None = None

    def serves(self, tenant: str) -> bool:
        return self.tenants is None or tenant in self.tenants


class HttpRegister:
    """Asks one register. After five failures in a row it is left alone for five seconds, then one question passes."""

    def __init__(self, address: RegisterAddress, *, clock: Callable[[], float] = monotonic) -> None:
        self._address, self._clock = address, clock
        self._failures, self._again_at = 0, 0.0
        # No proxy from the environment and no redirect: a question holds personal data.
        self._http = httpx.Client(
            timeout=address.timeout_s, trust_env=False, follow_redirects=False, transport=limited_transport())

    def ask(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """Raises Unavailable for whatever is no answer: the case then asks again."""
        if self._failures >= FAILURES_TO_OPEN:
            if self._clock() < self._again_at:
                raise self._unavailable(Bilingual("is left alone after failures", "连续失败，暂停询问"))
            self._again_at = self._clock() + LEFT_ALONE_S
        try:
            answer = self._answer(question)
        except Unavailable:
            self._failures += 1
            self._again_at = self._clock() + LEFT_ALONE_S
            raise
        self._failures = 0
        return answer

    def _answer(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            with whole_limit(self._address.timeout_s):
                status, content = self._exchange(json.dumps(question, ensure_ascii=False).encode())
        except httpx.HTTPError as error:
            raise self._unavailable(Bilingual(
                f"gave no answer ({type(error).__name__})", f"没有应答（{type(error).__name__}）")) from None
        if status != httpx.codes.OK:
            raise self._unavailable(Bilingual(f"answered with HTTP {status}", f"应答为 HTTP {status}"))
        try:
            answer = strict_json.read(content)
        except strict_json.JsonRefused:
            answer = None
        if not isinstance(answer, dict):
            raise self._unavailable(Bilingual(
                f"answered with no JSON object of at most {LARGEST_ANSWER} bytes",
                f"应答不是 {LARGEST_ANSWER} 字节以内的 JSON 对象"))
        return answer

    def _exchange(self, body: bytes) -> tuple[int, bytes]:
        """The status and the body, of which at most one byte too many is read."""
        address = self._address
        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity",
                   **sign(body, key_id=address.key_id, key=address.key, at=datetime.now(UTC))}
        with self._http.stream("POST", address.url, content=body, headers=headers) as response:
            content = b""
            for piece in response.iter_raw():
                content += piece
                if len(content) > LARGEST_ANSWER:
                    return response.status_code, b""
            return response.status_code, content

    def _unavailable(self, what: Bilingual) -> Unavailable:
        name = self._address.name
        return Unavailable(
            Bilingual(f"register {name!r} {what}", f"登记系统“{name}”{what.zh}"),
            details={"retry_after_s": RETRY_AFTER_S})


class ConnectedRegisters:
    """Configured registers, before those of the sandbox."""

    def __init__(self, addresses: Sequence[RegisterAddress], sandbox: Registers) -> None:
        self._registers = [(address, HttpRegister(address)) for address in addresses]
        self._sandbox = sandbox

    def of(self, tenant: str) -> Registers:
        """Those that may be asked for cases of a tenant."""
        found = {address.name: register for address, register in self._registers if address.serves(tenant)}
        return _TenantRegisters(found, self._sandbox)


class _TenantRegisters:
    def __init__(self, connected: Mapping[str, HttpRegister], sandbox: Registers) -> None:
        self._connected, self._sandbox = connected, sandbox

    def names(self) -> Sequence[str]:
        return sorted({*self._connected, *self._sandbox.names()})

    def ask(self, source: str, question: Mapping[str, Any]) -> Mapping[str, Any]:
        register = self._connected.get(source)
        return self._sandbox.ask(source, question) if register is None else register.ask(question)
