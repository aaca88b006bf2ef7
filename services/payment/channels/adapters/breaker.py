"""The circuit breaker of a payment channel, and its words."""
from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from services.payment.channels.domain.errors import ChannelMisconfigured, ChannelRefused, ChannelUnavailable
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.circuit_breaker import CircuitBreaker

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class Breaker:
    """One channel behind a CircuitBreaker.

    A refusal is an answer and counts as a success. A wrong configuration is told as that for as long as nothing else is
    heard, also while the channel is left alone: to ask again later would not mend it.
    """

    def __init__(self, channel: str, *, clock: Callable[[], float] = monotonic) -> None:
        self._channel = channel
        self._circuit = CircuitBreaker(clock=clock, opened=self._log_opened, closed=self._log_closed)
        self._misconfigured: ChannelMisconfigured | None = None

    def ready(self) -> bool:
        """Whether a call would pass now."""
        return self._circuit.ready()

    def call(self, work: Callable[[], Result]) -> Result:
        """Raises ChannelUnavailable without calling while the channel is left alone; else what the work raises."""
        probe = self._circuit.enter()
        if probe is None:
            raise self._left_alone()
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
            self._circuit.leave(probe=probe, good=good)

    def _note(self, error: ChannelMisconfigured) -> None:
        if self._misconfigured is None:
            log.error("payment.channel.misconfigured", extra={
                "channel": self._channel, "code": error.code, "reason": error.message})
        self._misconfigured = error

    def _left_alone(self) -> ChannelUnavailable:
        if self._misconfigured is not None:
            known = self._misconfigured
            return ChannelMisconfigured(Bilingual(known.message, known.message_in("zh")))
        return ChannelUnavailable(
            Bilingual(
                f"channel {self._channel!r} has stopped answering and is left alone; ask again later",
                f"渠道“{self._channel}”已停止应答，暂不访问；请稍后再查询"),
            details={"retry_after_s": round(max(1.0, self._circuit.wait_s()), 1)},
        )

    def _log_opened(self, failed: int) -> None:
        log.error("payment.channel.broken", extra={"channel": self._channel, "failed": failed})

    def _log_closed(self) -> None:
        log.warning("payment.channel.recovered", extra={"channel": self._channel})
