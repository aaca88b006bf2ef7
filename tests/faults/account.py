"""The client's account of its operations, in the manner of Jepsen: the intent first, then ok, failed or unknown."""
from __future__ import annotations

import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from shared_components.kernel.errors import AppError, OutcomeUnknown

Outcome = Literal["open", "ok", "failed", "unknown"]


@dataclass
class Operation:
    """One thing a client wants done once. elapsed_s: of its first call; timeout_s: what that call was given."""

    key: str
    op_id: str
    outcome: Outcome = "open"
    reply: Any = None
    code: str = ""
    elapsed_s: float = 0.0
    timeout_s: float = 0.0
    first_outcome: Outcome = "open"
    ended_at: float = 0.0

    @property
    def number(self) -> int:
        """The same in every run, for choices: Python's hash of a text is not."""
        return zlib.crc32(self.key.encode())


class Account:
    """Written by many client threads."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self._lock = threading.Lock()

    def intend(self, key: str, op_id: str) -> Operation:
        operation = Operation(key, op_id)
        with self._lock:
            self.operations.append(operation)
        return operation

    def perform(self, operation: Operation, call: Callable[[], Any], timeout_s: float) -> Operation:
        """Call once, and write down what the client then knows."""
        began = time.monotonic()
        settle(operation, call)
        if operation.first_outcome == "open":
            operation.first_outcome = operation.outcome
            operation.elapsed_s, operation.timeout_s = time.monotonic() - began, timeout_s
        return operation

    def of(self, outcome: Outcome) -> list[Operation]:
        return [operation for operation in self.operations if operation.outcome == outcome]

    def codes(self) -> dict[str, int]:
        """How often each error was the last word (or the first, of what was then resolved)."""
        return dict(Counter(operation.code for operation in self.operations if operation.code))

    def latest_end(self) -> float:
        return max((operation.ended_at for operation in self.operations), default=0.0)

    def longest_overrun_s(self) -> float:
        """By how much the slowest call outlived its deadline."""
        return max((each.elapsed_s - each.timeout_s for each in self.operations if each.timeout_s), default=0.0)


def settle(operation: Operation, call: Callable[[], Any]) -> None:
    try:
        operation.reply = call()
        operation.outcome = "ok"
    except OutcomeUnknown as error:
        operation.outcome, operation.code = "unknown", error.code
    except AppError as error:
        operation.outcome, operation.code = "failed", error.code
    except Exception as error:
        # a client that gets anything but a typed error does not know either
        operation.outcome, operation.code = "unknown", f"untyped {type(error).__name__}"
    operation.ended_at = time.monotonic()


def resolve(account: Account, ask_again: Callable[[Operation], Any], *, within_s: float = 60.0) -> None:
    """Ask again, under the same operation id, for everything whose outcome is not known; what stays open is stuck."""
    deadline = time.monotonic() + within_s
    while (waiting := account.of("unknown")) and time.monotonic() < deadline:
        for operation in waiting:
            settle(operation, lambda operation=operation: ask_again(operation))  # type: ignore[misc]
            if time.monotonic() > deadline:
                break
