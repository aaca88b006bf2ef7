"""Registers of departments over HTTP: a signed question as JSON, a bounded answer, only configured addresses."""
from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import httpx

from services.matter.cases.domain.outcomes import FOR_APPLICANT
from services.matter.kinds.check.ports import Registers
from shared_components.http.limited_client import limited_transport, whole_limit
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import Conflict, InvalidInput, Unavailable
from shared_components.security.request_signing import sign

LARGEST_ANSWER = 64 * 1024
FAILURES_TO_OPEN, LEFT_ALONE_S = 5, 5.0
RETRY_AFTER_S = 5


_OURS = frozenset({401, 403, 404, 405, 407, 411, 413, 415})
"""The question was not taken: our key, address or form is wrong, which says nothing about the applicant."""
_LATER = frozenset({408, 425, 429})
LONGEST_REASON = 200


class RegisterRefused(Conflict):
    """A definite no of a register, with its reason in both languages where it gives one."""

    code = "matter.register-refused"
    texts = {"en": "The register gives no answer for this applicant.", "zh": "登记部门不予答复该申请人的查询。"}


class RegisterMisconfigured(InvalidInput):
    code = "matter.register-misconfigured"
    texts = {"en": "The register does not take our questions.", "zh": "登记系统不接受本平台的查询。"}


def refusal_of(name: str, content: bytes) -> RegisterRefused:
    """Make a refusal with the register's own reason: `{"zh": "…", "en": "…"}`, each at most 200 characters."""
    try:
        told = strict_json.read(content)
    except strict_json.JsonRefused:
        told = None
    if isinstance(told, dict):
        reasons = {key: " ".join(str(told[key]).split())[:LONGEST_REASON] for key in ("zh", "en") if told.get(key)}
        if len(reasons) == 2:
            return RegisterRefused(Bilingual(reasons["en"], reasons["zh"]), details={FOR_APPLICANT: reasons})
    return RegisterRefused(Bilingual(f"register {name!r} refused", f"登记系统“{name}”不予答复"))


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
        """Raises Unavailable for whatever is no answer: the case then asks again.

        Raises RegisterRefused for a definite no, and RegisterMisconfigured where asking again would not mend it.
        """
        if self._failures >= FAILURES_TO_OPEN:
            if self._clock() < self._again_at:
                raise self._unavailable(Bilingual("is left alone after failures", "连续失败，暂停询问"))
            self._again_at = self._clock() + LEFT_ALONE_S
        try:
            answer = self._answer(question)
        except RegisterRefused:
            self._failures = 0
            raise
        except (Unavailable, RegisterMisconfigured):
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
        if status in _OURS:
            raise RegisterMisconfigured(Bilingual(
                f"register {self._address.name!r} answered with HTTP {status}; its address and key must be mended",
                f"登记系统“{self._address.name}”应答为 HTTP {status}；须更正其地址或密钥"))
        if 400 <= status < 500 and status not in _LATER:
            raise refusal_of(self._address.name, content)
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
