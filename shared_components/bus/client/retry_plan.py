"""The retry plan of both clients, without I/O: retry only what is safe, inside the deadline, while a budget lasts."""
from __future__ import annotations

import random
from collections.abc import Callable
from time import monotonic

from shared_components.bus.errors import CallerUnknown, DeadlinePassed, NoReply, OperationReused, Overloaded
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError, OutcomeUnknown, Unavailable

# A queue that grows makes the next answer later than the last one.
LATER = 1.25
NEVER = (DeadlinePassed, OperationReused, CallerUnknown)


class RetryBudget:
    """A token bucket: each call earns a fraction of a retry, so that a failing service is not hammered.

    ratio: retries a call earns; reserve: retries allowed from the start, refilled at reserve a minute.
    """

    def __init__(self, ratio: float = 0.1, reserve: float = 20.0) -> None:
        self._ratio = ratio
        self._reserve = reserve
        self._tokens = reserve
        self._refilled_at = monotonic()

    def earn(self) -> None:
        if self._tokens < self._reserve:
            self._tokens = min(self._tokens + self._ratio, self._reserve)

    def spend(self) -> bool:
        now = monotonic()
        self._tokens = min(self._tokens + (now - self._refilled_at) * self._reserve / 60, self._reserve)
        self._refilled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class FailedCall:
    """A call with at least one failed attempt.

    A refusal says that this attempt did nothing. When an earlier one was not answered, that one may still have done it.
    last_word: the error to raise when there is no further attempt.
    """

    last_word: AppError

    def __init__(self, service: str, method: str, op_id: str) -> None:
        self.service, self.method = service, method
        self.attempts = 0
        self._op_id = op_id
        self._unanswered = False

    def add(self, error: AppError) -> None:
        """Record the error of one more attempt."""
        self.attempts += 1
        self.last_word = self._after(error)

    def _after(self, error: AppError) -> AppError:
        if isinstance(error, OutcomeUnknown):
            self._unanswered = True
        if not self._unanswered or not isinstance(error, Unavailable):
            return error
        return refused_after_an_attempt(error, self._op_id)


def refused_after_an_attempt(refusal: Unavailable, op_id: str | None) -> NoReply:
    """Build the error for a refusal that follows an attempt without a reply."""
    again, again_zh = (
        (f"; ask again with operation id {op_id}", f"；请以操作编号 {op_id} 再次查询") if op_id else ("", ""))
    return NoReply(Bilingual(
        f"an attempt was not answered, the next one was refused ({refusal.code}){again}",
        f"一次尝试未收到答复，下一次被拒绝（{refusal.code}）{again_zh}"),
                   details={"op_id": op_id} if op_id else {})


class ReplyTimes:
    """Recent reply times for each method: a longer one counts at once, shorter ones gradually."""

    def __init__(self) -> None:
        self._usual_s: dict[tuple[str, str], float] = {}

    def note(self, service: str, method: str, seconds: float) -> None:
        key = (service, method)
        before = self._usual_s.get(key, 0.0)
        self._usual_s[key] = seconds if seconds > before else before + (seconds - before) * 0.05

    def usual_s(self, service: str, method: str) -> float:
        return self._usual_s.get((service, method), 0.0)


def pause_before_retry(error: AppError, attempt: int, left_s: float, usual_s: float = 0.0) -> float | None:
    """Return the seconds to wait before the next attempt, or None when it would be useless.

    usual_s: the usual reply time. A refusal is a reply: do not replace it with an attempt that would get none.
    The call may be repeated: it is a read, or has an operation id.
    """
    if not isinstance(error, (OutcomeUnknown, Unavailable)) or isinstance(error, NEVER):
        return None
    pause = 0.05 * 2.0 ** min(attempt, 6) * random.uniform(0.5, 1.5)
    hint = error.details.get("retry_after_s")
    if isinstance(hint, (int, float)) and not isinstance(hint, bool):
        pause = max(pause, min(float(hint), 1.0) * random.uniform(0.8, 1.2))
    needed_s = pause + (usual_s * LATER if isinstance(error, Unavailable) else 0.0)
    return pause if needed_s < left_s else None


class RetryPlan:
    """Decide, without I/O, whether and when a client calls again. One plan serves all calls of a client."""

    def __init__(self) -> None:
        self._budget = RetryBudget()
        self._reply_times = ReplyTimes()
        # Called for every call, so without a method of their own between.
        # begin: counts a new call, which earns a fraction of a retry. answered: records how long a reply took.
        self.begin: Callable[[], None] = self._budget.earn
        self.answered: Callable[[str, str, float], None] = self._reply_times.note

    def pause_s(self, call: FailedCall, error: AppError, *, took_s: float, left_s: float) -> float | None:
        """Record a failed attempt. Returns the seconds until the next one, or None: the call ends with its last_word.

        took_s: the attempt's time. left_s: seconds until the call's deadline.
        """
        call.add(error)
        if isinstance(error, (NoReply, Overloaded)):
            self._reply_times.note(call.service, call.method, took_s)
        usual_s = self._reply_times.usual_s(call.service, call.method)
        pause = pause_before_retry(error, call.attempts - 1, left_s, usual_s)
        return pause if pause is not None and self._budget.spend() else None
