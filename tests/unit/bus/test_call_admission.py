"""Admission of a group: every app is judged, and each of them once, however many calls it has there."""
from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from shared_components.bus.errors import MethodNotGranted
from shared_components.bus.server import call_admission
from shared_components.bus.server.call_admission import admit_calls
from shared_components.bus.server.requests import Request
from shared_components.contracts import Message
from shared_components.contracts.registry import MethodContract
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError, Unavailable

CONTRACT = MethodContract(name="get", request=Message, reply=Message, errors=(), callers=("app", "service"))


class Transactions:
    """The part of a service with a copy of the directory that admission asks."""

    def __init__(self, *, stale: bool = False) -> None:
        self.provider: Any = SimpleNamespace(
            copies=SimpleNamespace(is_unserved=lambda: False), contract=SimpleNamespace(service="payment"))
        self.refreshed, self._stale = 0, stale

    def refresh_copies(self) -> None:
        self.refreshed += 1
        if self._stale:
            raise Unavailable


def group(*callers: str, via: str | None = None) -> list[Request]:
    return [Request({}, CallContext(caller, f"t-{caller}", department=f"t-{caller}", via=via)) for caller in callers]


def admitted(monkeypatch: pytest.MonkeyPatch, requests: list[Request], closed: str = "") -> list[str]:
    """Admit the group; gives the apps that were judged."""
    judged = []

    def judge(context: CallContext, service: str, method: str, copies: Any) -> None:
        judged.append(context.caller)
        if context.caller == closed:
            raise MethodNotGranted

    monkeypatch.setattr(call_admission, "admit_app", judge)
    admit_calls(Transactions(), CONTRACT, requests, "payment")  # type: ignore[arg-type]
    return judged


def test_each_app_is_judged_once_a_group(monkeypatch: pytest.MonkeyPatch) -> None:
    assert admitted(monkeypatch, group(*["app-a"] * 200, *["app-b"] * 56)) == ["app-a", "app-b"]


def test_an_app_that_may_not_call_sinks_no_neighbour(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = group("app-a", "app-b", "app-a", "app-b")
    admitted(monkeypatch, requests, closed="app-b")
    assert [isinstance(request.outcome, MethodNotGranted) for request in requests] == [False, True, False, True]
    assert [request.done for request in requests] == [False, True, False, True]


def test_an_app_with_two_departments_is_judged_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = group("app-a", "app-a")
    requests[1].context = requests[1].context._replace(department="other")
    assert admitted(monkeypatch, requests) == ["app-a", "app-a"]


def test_what_the_gateway_passes_on_is_the_gateway_s_to_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    assert admitted(monkeypatch, group("app-a", via="gateway")) == []


def test_a_stale_copy_fails_only_apps_that_the_directory_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    known = SimpleNamespace(app=lambda name: object() if name == "app-a" else None)
    monkeypatch.setattr(call_admission, "process_copies", lambda: known)
    monkeypatch.setattr(call_admission, "admit_app", lambda *_: None)
    rule: Any = SimpleNamespace(as_subject=False)
    contract = MethodContract(
        name="get", request=Message, reply=Message, errors=(), callers=("app", "service"), rule=rule)
    requests = group("app-a", "app-b", "payment")
    transactions = Transactions(stale=True)
    admit_calls(transactions, contract, requests, "payment")  # type: ignore[arg-type]
    assert transactions.refreshed == 1
    assert [isinstance(request.outcome, AppError) for request in requests] == [True, False, False]
