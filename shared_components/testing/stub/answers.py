"""Decide what the stub answers to a call: what the test put, else the contract's example."""
from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from shared_components.bus.errors import BUS_ERRORS, CallerNotAllowed, InvalidArguments, UnknownMethod
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import CATEGORIES, AppError, Internal, error_from_wire
from shared_components.testing.stub.errors import StubAnswerInvalid, StubMethodUnknown
from shared_components.testing.stub.schema_check import problems, told

Contract = Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """The answer to a call: sent after `delay_s` seconds, and not at all when it is lost."""

    result: Any = None
    error: AppError | None = None
    delay_s: float = 0.0
    lost: bool = False


@dataclass(frozen=True)
class ReceivedCall:
    """A call as it came; code: the error's code that it was answered with, or "ok"."""

    target: str
    request: Mapping[str, Any]
    op_id: str | None
    code: str


@dataclass
class StubbedMethod:
    """One method's answer, in the words of a test. Later words add to earlier ones."""

    target: str
    method: Contract
    errors: Contract
    _answer: Answer = field(default_factory=Answer)

    def returns(self, reply: Mapping[str, Any] | None = None, /, **changes: Any) -> Self:
        """Answer with this reply, or with the contract's example and these changes. Raises StubAnswerInvalid."""
        whole = {**(self.example() if reply is None else reply), **changes}
        if wrong := problems(self.method["reply"], whole):
            raise StubAnswerInvalid(Bilingual(
                f"stub of {self.target}: the reply breaks the contract: {told(wrong)}",
                f"{self.target} 的预设应答不符合契约：{told(wrong).zh}"), details={"fields": wrong})
        return self._with(result=whole, error=None)

    def fails(self, code: str, message: str | None = None, *, details: Mapping[str, Any] | None = None) -> Self:
        """Answer with an error of the method, of the bus, or of a category. Raises StubAnswerInvalid."""
        declared = {one: self.errors[one] for one in self.method["errors"]}
        common = {kind.code: kind for kind in (*BUS_ERRORS, *CATEGORIES.values())}
        if code not in declared and code not in common:
            known = ", ".join(sorted(declared)) or "none"
            raise StubAnswerInvalid(Bilingual(
                f"stub of {self.target}: error '{code[:80]}' is not in the contract; its errors are: {known}",
                f"{self.target} 的契约中没有错误码“{code[:80]}”；可用错误码：{known}"))
        if code not in declared:
            return self._with(error=common[code](message, details=details))
        texts = declared[code]["texts"]
        said = {"message": message or texts["en"], "zh": {"message": message or texts.get("zh", texts["en"])}}
        error = error_from_wire(
            {"category": declared[code]["category"], "code": code, "details": dict(details or {}), **said})
        return self._with(error=error)

    def delays(self, seconds: float) -> Self:
        """Answer later by so many seconds."""
        if not 0 <= seconds <= 3600:
            raise StubAnswerInvalid(Bilingual(
                f"stub of {self.target}: a delay of {seconds} s; 0 to 3600 are allowed",
                f"{self.target} 的预设延迟为 {seconds} 秒；只允许 0 至 3600"))
        return self._with(delay_s=float(seconds))

    def loses_the_reply(self) -> Self:
        """Do the work and never answer: the caller gets OutcomeUnknown, and asks again with its operation id."""
        return self._with(lost=True)

    def example(self) -> Mapping[str, Any]:
        """The contract's example of a reply. Raises StubAnswerInvalid without an example."""
        reply: Mapping[str, Any] | None = self.method.get("example", {}).get("reply")
        if reply is None:
            raise StubAnswerInvalid(Bilingual(
                f"stub of {self.target}: the contract has no example of a reply; put one with returns(…)",
                f"{self.target} 的契约没有应答示例；请用 returns(…) 预设"))
        return reply

    def answer(self) -> Answer:
        """The answer as put until now."""
        put = self._answer
        if put.result is None and put.error is None:
            return Answer(self.example(), None, put.delay_s, put.lost)
        return put

    def _with(self, **changes: Any) -> Self:
        now = self._answer
        self._answer = Answer(**{
            "result": now.result, "error": now.error, "delay_s": now.delay_s, "lost": now.lost, **changes})
        return self


class StubServices:
    """Services that answer from their contracts. Every request is checked, as the service would check it.

    caller: for whom it answers; another caller's methods are refused, as the bus does.
    """

    def __init__(self, contracts: Iterable[Contract], *, caller: str = "app") -> None:
        self._contracts = {str(contract["service"]): contract for contract in contracts}
        self._caller = caller
        self._put: dict[str, StubbedMethod] = {}
        self._calls: list[ReceivedCall] = []
        self._lock = threading.Lock()

    @property
    def services(self) -> list[str]:
        return sorted(self._contracts)

    def stub(self, target: str) -> StubbedMethod:
        """Begin what a method answers from now on: `stub("payment.create_order").returns(…)`. Replaces what was put."""
        method = self._method(target)
        with self._lock:
            self._put[target] = method
        return method

    def reset(self) -> None:
        """Forget what was put and what was called."""
        with self._lock:
            self._put.clear()
            self._calls.clear()

    def calls(self, target: str | None = None) -> list[ReceivedCall]:
        """The calls until now, of one method or of all."""
        with self._lock:
            return [call for call in self._calls if target in (None, call.target)]

    def answer(self, service: str, method: str, request: Mapping[str, Any], op_id: str | None) -> Answer:
        """Check a call, record it, and give its answer."""
        target = f"{service}.{method}"
        try:
            answer = self._answer(target, request)
        except AppError as error:
            answer = Answer(error=error)
        code = answer.error.code if answer.error is not None else "ok"
        with self._lock:
            self._calls.append(ReceivedCall(target, dict(request), op_id, code))
        return answer

    def _answer(self, target: str, request: Mapping[str, Any]) -> Answer:
        service, _, name = target.partition(".")
        methods = self._contracts.get(service, {}).get("methods", {})
        if name not in methods:
            raise UnknownMethod(Bilingual(
                f"service '{service}' has no method '{name[:80]}'", f"服务“{service}”没有方法“{name[:80]}”"),
                details={"available": sorted(methods)})
        if self._caller not in methods[name]["callers"]:
            raise CallerNotAllowed(Bilingual(
                f"'{self._caller}' may not call {target}; its callers are: {', '.join(methods[name]['callers'])}",
                f"“{self._caller}”无权调用 {target}；允许的调用方：{'、'.join(methods[name]['callers'])}"))
        if wrong := problems(methods[name]["request"], request):
            raise InvalidArguments(Bilingual(
                f"arguments of {target} do not fit its contract: {told(wrong)}",
                f"{target} 的参数不符合契约：{told(wrong).zh}"), details={"fields": wrong})
        with self._lock:
            put = self._put.get(target)
        try:
            return (put or self._method(target)).answer()
        except StubAnswerInvalid as missing:
            return Answer(error=Internal(missing.text))

    def _method(self, target: str) -> StubbedMethod:
        service, _, name = target.partition(".")
        contract = self._contracts.get(service)
        if contract is None or name not in contract["methods"]:
            known = ", ".join(sorted(contract["methods"]) if contract else self.services)
            what = f"service '{service[:40]}' has" if contract else "this stub has the services"
            raise StubMethodUnknown(Bilingual(
                f"stub: no method '{target[:80]}'; {what}: {known}", f"桩服务没有方法“{target[:80]}”；现有：{known}"))
        return StubbedMethod(target, contract["methods"][name], contract["errors"])
