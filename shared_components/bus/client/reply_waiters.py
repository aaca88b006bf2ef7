"""Waiting for replies: with locks between threads, with the hub's own switches between greenlets.

Between greenlets a lock with a timeout costs several timers a call. Here the replies of one message wake their callers
from one timer, and calls whose deadlines lie within a twentieth of a second share another.
"""
from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from time import monotonic
from typing import Any, Protocol

from shared_components.bus.green.patching import is_green
from shared_components.kernel.errors import AppError

STEPS_A_SECOND = 20


class Slot(Protocol):
    """Slot in which one caller waits for one reply."""

    result: Any
    error: AppError | None

    def settle(self, result: Any, error: AppError | None) -> None: ...

    def wait(self, deadline: float) -> bool:
        """False when nothing came in time. deadline: as `monotonic` counts."""


class Signal(Protocol):
    """Wakes one waiter; set several times before it waits, it wakes it once."""

    def set(self) -> None: ...

    def wait(self) -> None: ...


class Waiting(Protocol):
    def slot(self) -> Slot: ...

    def signal(self) -> Signal: ...


def reply_waiters() -> Waiting:
    return GreenWaiting() if is_green() else ThreadWaiting()


class ThreadWaiting:
    def slot(self) -> Slot:
        return _ThreadSlot()

    def signal(self) -> Signal:
        return _ThreadSignal()


class _ThreadSlot:
    __slots__ = ("_lock", "error", "result")

    def __init__(self) -> None:
        self.result: Any = None
        self.error: AppError | None = None
        self._lock = threading.Lock()
        self._lock.acquire()

    def settle(self, result: Any, error: AppError | None) -> None:
        self.result, self.error = result, error
        self._lock.release()

    def wait(self, deadline: float) -> bool:
        return self._lock.acquire(timeout=max(deadline - monotonic(), 0.001))


class _ThreadSignal:
    def __init__(self) -> None:
        self._queue: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        if self._queue.empty():
            self._queue.put(None)

    def wait(self) -> None:
        self._queue.get()


class GreenWaiting:
    """Waiting for the greenlets of one hub."""

    def __init__(self) -> None:
        from greenlet import getcurrent

        from shared_components.bus.green.greenlets import hubs

        self._hub = hubs.get_hub
        self.current = getcurrent
        self._ready: deque[_GreenSlot] = deque()
        self._planned = False
        self._ending: dict[int, set[_GreenSlot]] = {}

    def slot(self) -> Slot:
        return _GreenSlot(self)

    def signal(self) -> Signal:
        return _GreenSignal(self)

    def wake(self, slot: _GreenSlot) -> None:
        self._ready.append(slot)
        if not self._planned:
            self._planned = True
            self.soon(self._wake_all)

    def _wake_all(self) -> None:
        try:
            while self._ready:
                slot = self._ready.popleft()
                waiter, slot.waiter = slot.waiter, None
                if waiter is not None:
                    waiter.switch()
        finally:
            # What ended a greenlet is the hub's to tell; the others are woken all the same.
            self._planned = bool(self._ready)
            if self._planned:
                self.soon(self._wake_all)

    def sleep(self, current: Any) -> None:
        """Let the others run until somebody switches back. current: the greenlet that asks."""
        hub = self._hub()
        loop = hub.greenlet
        if current.parent is loop and not loop.dead:
            # What the hub's own method comes to here; it asks, also for a hook that only eventlet's console has.
            loop.switch()
        else:
            hub.switch()

    def soon(self, call: Callable[[], None]) -> None:
        """Have the hub make a call at its next turn."""
        self._hub().schedule_call_global(0, call)

    def remind(self, slot: _GreenSlot, deadline: float) -> set[_GreenSlot]:
        """Wake the slot when its time is over; gives the set that it stands in until then."""
        step = int(deadline * STEPS_A_SECOND) + 1
        ending = self._ending.get(step)
        if ending is None:
            ending = self._ending[step] = set()
            self._hub().schedule_call_global(max(step / STEPS_A_SECOND - monotonic(), 0.001), self._end, step)
        ending.add(slot)
        return ending

    def _end(self, step: int) -> None:
        for slot in list(self._ending.pop(step)):
            self.wake(slot)


class _GreenSlot:
    __slots__ = ("_settled", "_waiting", "error", "result", "waiter")

    def __init__(self, waiting: GreenWaiting) -> None:
        self.result: Any = None
        self.error: AppError | None = None
        self.waiter: Any = None
        self._settled = False
        self._waiting = waiting

    def settle(self, result: Any, error: AppError | None) -> None:
        self.result, self.error, self._settled = result, error, True
        if self.waiter is not None:
            self._waiting.wake(self)

    def wait(self, deadline: float) -> bool:
        if not self._settled:
            ending = self._waiting.remind(self, deadline)
            self.waiter = current = self._waiting.current()
            try:
                self._waiting.sleep(current)
            finally:
                self.waiter = None
                ending.discard(self)
        return self._settled


class _GreenSignal:
    def __init__(self, waiting: GreenWaiting) -> None:
        self._waiting = waiting
        self._is_set = False
        self._waiter: Any = None

    def set(self) -> None:
        if not self._is_set:
            self._is_set = True
            if self._waiter is not None:
                self._waiting.soon(self._wake)

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None:
            waiter.switch()

    def wait(self) -> None:
        while not self._is_set:
            self._waiter = current = self._waiting.current()
            try:
                self._waiting.sleep(current)
            finally:
                self._waiter = None
        self._is_set = False
