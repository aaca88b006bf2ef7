"""Run computing that releases the interpreter's lock in real threads, so that a green process goes on."""
from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from shared_components.bus.green.patching import is_green

T = TypeVar("T")


class ThreadsBusy(Exception):
    """All threads compute and as many callers wait as may; nothing was begun."""


class RealThreads:
    """A few real threads, and a bounded number of callers that wait for one.

    threads: how many compute at once. waiting: how many more callers may wait.
    Where nothing is green the caller's own thread computes, within the same bounds.
    """

    def __init__(self, threads: int, *, waiting: int) -> None:
        self._places = threads + waiting
        self._inside = 0
        self._guard, self._turns = threading.Lock(), threading.BoundedSemaphore(threads)

    @property
    def inside(self) -> int:
        """Callers that compute or wait."""
        return self._inside

    def run(self, function: Callable[[], T]) -> T:
        """Return the function's result or raise its error; other greenlets run on. Raises ThreadsBusy.

        function: touches nothing that greenlets use, such as locks, sockets and logs.
        """
        with self._guard:
            if self._inside >= self._places:
                raise ThreadsBusy
            self._inside += 1
        try:
            with self._turns:
                return _computed(function)
        finally:
            with self._guard:
                self._inside -= 1


def _computed(function: Callable[[], T]) -> T:
    if not is_green():
        return function()
    from eventlet import tpool

    result: T = tpool.execute(function)
    return result
