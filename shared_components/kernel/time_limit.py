"""One time limit over a whole exchange with another machine, however many reads and writes it takes.

A socket's own timeout is for each read: a peer that sends a byte now and then holds the caller for ever.
"""
from __future__ import annotations

import contextvars
import socket
import threading
from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Deadline:
    """A moment of the monotonic clock."""

    def __init__(self, limit_s: float) -> None:
        self.at = monotonic() + limit_s

    @property
    def passed(self) -> bool:
        return monotonic() >= self.at

    def left_s(self) -> float:
        """Raises TimeoutError when nothing is left."""
        left = self.at - monotonic()
        if left <= 0:
            raise TimeoutError("the time limit of the exchange has passed")
        return left


class CutOff:
    """Shuts the connection down at the deadline, for libraries that read and write by themselves.

    Every read then ends at once, with an error or with the end of the stream: ask `deadline.passed` for the reason.
    Use as a context manager around everything that uses the connection.
    """

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        # A descriptor of its own: TLS takes the connection's over, and closing it would end nothing here.
        self._connection = connection.dup()
        self._deadline = deadline
        self._timer = threading.Timer(deadline.left_s(), self._cut)
        self._timer.daemon = True

    def __enter__(self) -> CutOff:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._connection.close()

    def _cut(self) -> None:
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it has ended by itself


class _Outcome(Generic[Result]):
    def __init__(self) -> None:
        self.ended = threading.Event()
        self.results: list[Result] = []
        self.error: BaseException | None = None


def within(limit_s: float, do: Callable[[], Result]) -> Result:
    """Call a function under a time limit. Raises TimeoutError at the limit; the function is left to end by itself.

    For what cannot be interrupted, such as a name's resolution; prefer a Deadline or a CutOff where there is a socket.
    """
    outcome: _Outcome[Result] = _Outcome()
    context = contextvars.copy_context()

    def work() -> None:
        try:
            outcome.results.append(context.run(do))
        except BaseException as error:
            outcome.error = error
        finally:
            outcome.ended.set()

    threading.Thread(target=work, daemon=True).start()
    if not outcome.ended.wait(limit_s):
        raise TimeoutError(f"no answer within {limit_s:.1f} s")
    if outcome.error is not None:
        raise outcome.error
    return outcome.results[0]
