"""When a client asks again: only what is safe, only inside the deadline, only while a budget lasts."""
from __future__ import annotations

import random
from time import monotonic

from shared_components.bus.errors import CallerUnknown, DeadlinePassed, NoReply, OperationReused
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


class Attempts:
    """What is known of a call that was tried more than once.

    A refusal says that this attempt did nothing. When an earlier one was not answered, that one may still have done it.
    """

    def __init__(self, op_id: str) -> None:
        self._op_id = op_id
        self._unanswered = False

    def last_word(self, error: AppError) -> AppError:
        """The error to raise if this attempt's is the last one."""
        if isinstance(error, OutcomeUnknown):
            self._unanswered = True
        if not self._unanswered or not isinstance(error, Unavailable):
            return error
        return refused_after_an_attempt(error, self._op_id)


def refused_after_an_attempt(refusal: Unavailable, op_id: str | None) -> NoReply:
    """For a refusal that follows an attempt which nobody has heard of."""
    again = f"; ask again with operation id {op_id}" if op_id else ""
    return NoReply(f"an attempt was not answered, the next one was refused ({refusal.code}){again}",
                   details={"op_id": op_id} if op_id else {})


class ReplyTimes:
    """How long replies take lately, a method each: a longer one counts at once, shorter ones little by little."""

    def __init__(self) -> None:
        self._usual_s: dict[tuple[str, str], float] = {}

    def note(self, service: str, method: str, seconds: float) -> None:
        key = (service, method)
        before = self._usual_s.get(key, 0.0)
        self._usual_s[key] = seconds if seconds > before else before + (seconds - before) * 0.05

    def usual_s(self, service: str, method: str) -> float:
        return self._usual_s.get((service, method), 0.0)


def pause_before_retry(error: AppError, attempt: int, left_s: float, usual_s: float = 0.0) -> float | None:
    """Seconds to wait before asking again, or None when that is pointless.

    usual_s: what an answer takes. A refusal is an answer: it is not given up for an attempt that would have none.
    The call is one that may be asked again (a read, or one with an operation id).
    """
    if not isinstance(error, (OutcomeUnknown, Unavailable)) or isinstance(error, NEVER):
        return None
    pause = 0.05 * 2.0 ** min(attempt, 6) * random.uniform(0.5, 1.5)
    hint = error.details.get("retry_after_s")
    if isinstance(hint, (int, float)) and not isinstance(hint, bool):
        pause = max(pause, min(float(hint), 1.0) * random.uniform(0.8, 1.2))
    needed_s = pause + (usual_s * LATER if isinstance(error, Unavailable) else 0.0)
    return pause if needed_s < left_s else None
