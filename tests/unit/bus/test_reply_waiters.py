"""Callers that wait for replies: woken once, in time, and with few timers."""
from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

import eventlet
import pytest
from eventlet import hubs

from shared_components.bus.client.reply_waiters import GreenWaiting, ThreadWaiting, Waiting
from shared_components.kernel.errors import Internal

WAITINGS: list[Callable[[], Waiting]] = [GreenWaiting, ThreadWaiting]


@pytest.mark.parametrize("make", WAITINGS)
def test_a_reply_that_came_first_is_not_waited_for(make: Callable[[], Waiting]) -> None:
    slot = make().slot()
    slot.settle({"a": 1}, None)
    assert slot.wait(monotonic()) and slot.result == {"a": 1}


@pytest.mark.parametrize("make", WAITINGS)
def test_a_reply_that_does_not_come_is_given_up(make: Callable[[], Waiting]) -> None:
    assert not make().slot().wait(monotonic() + 0.01)


def test_a_thread_is_woken_by_another() -> None:
    waiting = ThreadWaiting()
    slot, signal = waiting.slot(), waiting.signal()

    def work() -> None:
        signal.wait()
        slot.settle(None, Internal())

    threading.Thread(target=work, daemon=True).start()
    signal.set()
    signal.set()
    assert slot.wait(monotonic() + 5) and isinstance(slot.error, Internal)


def waiters(waiting: GreenWaiting, count: int) -> tuple[list[Any], list[Any]]:
    slots = [waiting.slot() for _ in range(count)]
    greenlets = [eventlet.spawn(slot.wait, monotonic() + 30) for slot in slots]
    eventlet.sleep(0)
    return slots, greenlets


def test_the_replies_of_one_message_wake_their_callers_with_one_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = GreenWaiting()
    planned: list[tuple[Any, ...]] = []
    hub = hubs.get_hub()
    plan = hub.schedule_call_global
    slots, greenlets = waiters(waiting, 256)

    def counted(*given: Any) -> Any:
        planned.append(given)
        return plan(*given)

    monkeypatch.setattr(hub, "schedule_call_global", counted)
    for number, slot in enumerate(slots):
        slot.settle(number, None)
    assert len(planned) == 1
    monkeypatch.undo()
    assert all(greenlet.wait() for greenlet in greenlets)
    assert [slot.result for slot in slots] == list(range(256))


def test_callers_with_near_deadlines_share_a_timer_and_leave_nothing_behind() -> None:
    waiting = GreenWaiting()
    slots, greenlets = waiters(waiting, 256)
    assert len(waiting._ending) <= 2
    for slot in slots:
        slot.settle(None, None)
    for greenlet in greenlets:
        greenlet.wait()
    assert not any(waiting._ending.values())


def test_a_caller_that_was_killed_is_passed_over_and_the_others_are_woken() -> None:
    waiting = GreenWaiting()
    (killed, other), (first, second) = waiters(waiting, 2)
    killed.settle(1, None)
    other.settle(2, None)
    first.kill()
    assert second.wait() and other.result == 2


def test_a_caller_that_fails_when_it_is_woken_keeps_nobody_from_being_woken() -> None:
    waiting = GreenWaiting()
    slot = waiting.slot()

    def fail() -> None:
        slot.wait(monotonic() + 30)
        raise ZeroDivisionError

    failing = eventlet.spawn(fail)
    (other,), (second,) = waiters(waiting, 1)
    slot.settle(None, None)
    other.settle(None, None)
    assert second.wait()
    with pytest.raises(ZeroDivisionError):
        failing.wait()


def test_a_green_writer_sleeps_until_there_is_work() -> None:
    signal = GreenWaiting().signal()
    woken: list[Any] = []

    def write() -> None:
        for _ in range(2):
            signal.wait()
            woken.append(len(woken))

    writer = eventlet.spawn(write)
    eventlet.sleep(0)
    assert woken == []
    signal.set()
    signal.set()
    eventlet.sleep(0.01)
    assert woken == [0]
    signal.set()
    writer.wait()
    assert woken == [0, 1]
