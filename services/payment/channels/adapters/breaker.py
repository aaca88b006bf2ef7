"""A channel that fails is left alone: a few probes instead of every caller's attempt, until it answers again."""
from __future__ import annotations

import logging
import random
import threading
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from services.payment.channels.domain.errors import ChannelMisconfigured, ChannelRefused, ChannelUnavailable
from shared_components.kernel.bilingual import Bilingual

log = logging.getLogger(__name__)

Result = TypeVar("Result")

WINDOW, WINDOW_S, IN_A_ROW = 20, 60.0, 5
FAILING = 0.6
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 5.0
# Of a channel that fails nine times in ten a single success means nothing.
SUCCESSES_TO_CLOSE = 3


class Breaker:
    """Counts one channel's outcomes in this process.

    It opens when the last 5 calls of a minute failed, or 12 of the last 20. Then one probe at a time passes: the next
    at once after a success, after 1 to 5 s (growing) after a failure; three successes in a row close it.
    A refusal is an answer and counts as a success. A wrong configuration is told as that for as long as nothing else is
    heard, also while the channel is left alone: to ask again later would not mend it.
    """

    def __init__(self, channel: str, *, clock: Callable[[], float] = monotonic) -> None:
        self._channel = channel
        self._clock = clock
        self._lock = threading.Lock()
        self._outcomes: deque[tuple[float, bool]] = deque(maxlen=WINDOW)
        self._open = False
        self._probing = False
        self._again_at = 0.0
        self._wait_s = FIRST_WAIT_S
        self._in_a_row = 0
        self._misconfigured: ChannelMisconfigured | None = None

    def ready(self) -> bool:
        """Whether a call would pass now."""
        with self._lock:
            return self._passes()

    def call(self, work: Callable[[], Result]) -> Result:
        """Raises ChannelUnavailable without calling while the channel is left alone; else what the work raises."""
        probe = self._enter()
        good = False
        try:
            result = work()
            good = True
            self._misconfigured = None
            return result
        except ChannelRefused:
            good = True
            self._misconfigured = None
            raise
        except ChannelMisconfigured as error:
            self._note(error)
            raise
        finally:
            self._leave(probe=probe, good=good)

    def _note(self, error: ChannelMisconfigured) -> None:
        if self._misconfigured is None:
            log.error("payment.channel.misconfigured", extra={
                "channel": self._channel, "code": error.code, "reason": error.message})
        self._misconfigured = error

    def _passes(self) -> bool:
        return not self._open or (not self._probing and self._clock() >= self._again_at)

    def _enter(self) -> bool:
        with self._lock:
            if not self._passes():
                if self._misconfigured is not None:
                    known = self._misconfigured
                    raise ChannelMisconfigured(Bilingual(known.message, known.message_in("zh")))
                wait_s = max(1.0, self._again_at - self._clock())
                raise ChannelUnavailable(
                    Bilingual(
                        f"channel {self._channel!r} has stopped answering and is left alone; ask again later",
                        f"渠道“{self._channel}”已停止应答，暂不访问；请稍后再查询"),
                    details={"retry_after_s": round(wait_s, 1)},
                )
            self._probing = self._open
            return self._open

    def _leave(self, *, probe: bool, good: bool) -> None:
        with self._lock:
            if probe:
                self._judge_probe(good)
            elif not self._open:
                self._outcomes.append((self._clock(), good))
                self._judge()

    def _judge_probe(self, good: bool) -> None:
        self._probing = False
        if not good:
            self._in_a_row = 0
            self._wait_s = min(self._wait_s * 2, LONGEST_WAIT_S)
            self._rest()
            return
        self._in_a_row += 1
        if self._in_a_row >= SUCCESSES_TO_CLOSE:
            self._open = False
            self._outcomes.clear()
            log.warning("payment.channel.recovered", extra={"channel": self._channel})

    def _judge(self) -> None:
        since = self._clock() - WINDOW_S
        recent = [good for at, good in self._outcomes if at >= since]
        failed = recent.count(False)
        circuit_open = len(recent) >= IN_A_ROW and not any(recent[-IN_A_ROW:])
        if circuit_open or (len(recent) == WINDOW and failed >= FAILING * WINDOW):
            self._open, self._in_a_row, self._wait_s = True, 0, FIRST_WAIT_S
            self._rest()
            log.error("payment.channel.broken", extra={"channel": self._channel, "failed": failed})

    def _rest(self) -> None:
        # Jitter, or the probes of all processes would come together.
        self._again_at = self._clock() + self._wait_s * random.uniform(0.8, 1.0)
