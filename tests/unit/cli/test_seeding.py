"""The seed waits for services that start, asks again with the same operation ids, and ends when it is told to."""
from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from shared_components.bus.errors import BrokerUnavailable, NoReply, UnknownService
from shared_components.devstack import seeding
from shared_components.devstack.seeding import Seeding
from shared_components.kernel.errors import AppError, Conflict

TIMEOUT_S = 20.0
ANSWERS: Mapping[str, Any] = {
    "matter.bootstrap": {}, "payment.list_fee_items": {"items": [], "next": None}, "payment.put_fee_item": {},
    "payment.list_receipt_ranges": {"items": [], "next": None}, "payment.put_receipt_range": {},
    "elicence.list_types": {"items": [], "next": None}, "elicence.put_type": {},
}


class Bus:
    """Answers, after the failures that a method is given; or never, until it is closed."""

    def __init__(self, failures: Mapping[str, list[AppError]], *, silent: bool = False) -> None:
        self._failures = {method: list(errors) for method, errors in failures.items()}
        self._silent = silent
        self._closed = threading.Event()
        self.asked = threading.Event()
        self.calls: list[tuple[str, str | None]] = []

    def call(
        self, service: str, method: str, kwargs: Mapping[str, Any], *, timeout_s: float | None = None,
        op_id: str | None = None, context: Mapping[str, str] | None = None,
    ) -> Any:
        name = f"{service}.{method}"
        self.calls.append((name, op_id))
        self.asked.set()
        if self._silent:
            self._closed.wait(TIMEOUT_S)
            raise NoReply("the client was closed")
        if self._failures.get(name):
            raise self._failures[name].pop(0)
        return ANSWERS[name]

    def close(self) -> None:
        self._closed.set()


def _ready(stopped: threading.Event, until: float) -> None:
    return


def _ended(one: Seeding) -> Seeding:
    assert one._ended.wait(TIMEOUT_S)
    return one


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeding, "PAUSE_S", 0.0)


def test_what_passes_by_itself_is_asked_again_as_the_same_operation() -> None:
    bus = Bus({
        "matter.bootstrap": [UnknownService(), NoReply(), BrokerUnavailable()], "elicence.put_type": [NoReply()]})
    assert _ended(Seeding(bus, _ready)).error is None
    for name, times in (("matter.bootstrap", 4), ("elicence.put_type", 2)):
        ids = [op_id for called, op_id in bus.calls if called == name]
        assert (len(ids), len(set(ids)), None in ids) == (times, 1, False)


def test_a_refusal_is_told_at_once() -> None:
    bus = Bus({"payment.put_fee_item": [Conflict("it is closed")]})
    error = _ended(Seeding(bus, _ready)).error
    assert error is not None
    assert error.message == "it is closed"
    assert [name for name, _ in bus.calls].count("payment.put_fee_item") == 1


def test_its_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeding, "PATIENCE_S", 0.0)
    error = _ended(Seeding(Bus({"matter.bootstrap": [UnknownService("no service")]}), _ready)).error
    assert error is not None
    assert error.message == "no service"


def test_it_waits_for_the_services_before_it_asks_them() -> None:
    bus, go = Bus({}), threading.Event()

    def wait(stopped: threading.Event, until: float) -> None:
        go.wait(TIMEOUT_S)

    running = Seeding(bus, wait)
    assert (bus.calls, running.ended) == ([], False)
    go.set()
    assert _ended(running).error is None
    assert bus.calls


def test_closing_it_ends_a_call_that_nobody_answers() -> None:
    bus = Bus({}, silent=True)
    running = Seeding(bus, _ready)
    assert bus.asked.wait(TIMEOUT_S)
    running.close()
    assert running.ended
    assert len(bus.calls) == 1
