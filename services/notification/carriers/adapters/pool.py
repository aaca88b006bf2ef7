"""Which carriers there are, and which of them is given the next texts: by success, latency and free places."""
from __future__ import annotations

import logging
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import Any, Literal, Protocol

from services.notification.carriers.domain.carrier import Callback, Carrier, CarrierText, Outcome, Receipt
from services.notification.carriers.domain.errors import CarrierNotConfigured, CarrierUnknown
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.circuit_breaker import CircuitBreaker

log = logging.getLogger(__name__)

# Each new request weighs as much as a tenth of all before it.
FRESH = 0.1
# A carrier that fails half of the time gets an eighth of another's share, and never nothing: it may have recovered.
STEEPNESS, LEAST_SHARE = 3, 0.01
QUICKEST_S = 0.02
LEFT_ALONE = Outcome("untried", "provider-left-alone")


class Stoppable(Carrier, Protocol):
    """A carrier that keeps connections."""

    def stop(self) -> None: ...


class GuardedCarrier:
    """A carrier behind its circuit breaker and its bulkhead. most_at_once: requests that may wait for it at a time."""

    def __init__(self, carrier: Stoppable, *, most_at_once: int, clock: Callable[[], float] = monotonic) -> None:
        self.inner = carrier
        self.name, self.group_size, self.can_ask = carrier.name, carrier.group_size, carrier.can_ask
        self._most_at_once, self._clock = most_at_once, clock
        self._at_once = 0
        self._success, self._latency_s = 1.0, 0.0
        self.circuit = CircuitBreaker(clock=clock, opened=self._log_opened, closed=self._log_closed)

    def is_free(self) -> bool:
        return self._at_once < self._most_at_once and self.circuit.ready()

    def share(self) -> float:
        """Its weight among carriers: success weighs more than latency."""
        weight = float(self._success ** STEEPNESS) / max(self._latency_s, QUICKEST_S)
        return max(weight, LEAST_SHARE)

    def send(self, texts: Sequence[CarrierText]) -> list[Outcome]:
        probe = self.circuit.enter()
        if probe is None:
            return [LEFT_ALONE] * len(texts)
        outcomes: list[Outcome] = []
        began = self._clock()
        self._at_once += 1
        try:
            outcomes = self.inner.send(texts)
        finally:
            self._at_once -= 1
            good = bool(outcomes) and not any(outcome.is_carriers_fault for outcome in outcomes)
            self.circuit.leave(probe=probe, good=good)
            self._learn(good, self._clock() - began)
        return outcomes

    def ask(self, texts: Sequence[CarrierText]) -> list[Receipt | Literal["unknown"] | None]:
        probe = self.circuit.enter()
        if probe is None:
            return ["unknown"] * len(texts)
        told: list[Receipt | Literal["unknown"] | None] = []
        try:
            told = self.inner.ask(texts)
        finally:
            self.circuit.leave(probe=probe, good=bool(told) and "unknown" not in told)
        return told

    def read(self, headers: Mapping[str, str], body: str, *, token: str | None, now: datetime) -> Callback:
        return self.inner.read(headers, body, token=token, now=now)

    def _learn(self, good: bool, took_s: float) -> None:
        self._success += FRESH * ((1.0 if good else 0.0) - self._success)
        self._latency_s += FRESH * (took_s - self._latency_s)

    def _log_opened(self, failed: int) -> None:
        log.error("notification.provider.broken", extra={"provider": self.name, "failed": failed})

    def _log_closed(self) -> None:
        log.warning("notification.provider.recovered", extra={"provider": self.name})


class CarrierPool:
    """settings: the section services.notification.sms. A carrier is made when first needed and kept."""

    def __init__(
        self, settings: Mapping[str, Any], makers: Mapping[str, Callable[[Mapping[str, Any]], Stoppable]],
        *, dice: random.Random | None = None,
    ) -> None:
        self._settings, self._makers = settings, makers
        self._configured = tuple(name for name in makers if settings.get(name))
        self._made: dict[str, GuardedCarrier] = {}
        self._dice = dice or random.Random()

    @property
    def signature(self) -> str:
        return str(self._settings["signature"])

    def configured(self) -> Sequence[str]:
        return self._configured

    def files(self, name: str) -> bool:
        return bool(self._settings[name].get("filing", True))

    def named(self, name: str) -> GuardedCarrier:
        made = self._made.get(name)
        if made is None:
            self._check(name)
            made = self._made[name] = GuardedCarrier(
                self._makers[name](self._settings[name]), most_at_once=self._settings["most_at_once"])
        return made

    def choose(self, names: Collection[str]) -> GuardedCarrier | None:
        free = [carrier for carrier in self._known(names) if carrier.is_free()]
        if len(free) < 2:
            return free[0] if free else None
        return self._dice.choices(free, [carrier.share() for carrier in free])[0]

    def wait_s(self, names: Collection[str]) -> float:
        return min((carrier.circuit.wait_s() for carrier in self._known(names)), default=0.0)

    def close(self) -> None:
        for carrier in self._made.values():
            carrier.inner.stop()
        self._made.clear()

    def _known(self, names: Collection[str]) -> list[GuardedCarrier]:
        """Those that have settings: they may have been taken away since a text was accepted."""
        return [self.named(name) for name in self._configured if name in names]

    def _check(self, name: str) -> None:
        details = {"provider": name, "available": list(self._configured)}
        if name not in self._makers:
            raise CarrierUnknown(
                Bilingual(
                    f"provider {name!r} does not exist; there are {', '.join(self._makers)}",
                    f"短信服务商“{name}”不存在；可用：{'、'.join(self._makers)}"),
                details={"provider": name, "available": list(self._makers)})
        if name not in self._configured:
            raise CarrierNotConfigured(
                Bilingual(
                    f"provider {name!r} has no settings; services.notification.sms.{name} needs them",
                    f"短信服务商“{name}”尚未配置；须填写 services.notification.sms.{name}"), details=details)
