"""Calls per second of each app, in this process."""
from __future__ import annotations

import time
from collections.abc import Callable

from services.gateway.domain.errors import AppOverloaded
from shared_components.kernel.bilingual import Bilingual


class CallRates:
    """A token bucket for each app: it holds the calls of one second. seconds: a clock that never goes back."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, app: str, most: int | None) -> None:
        """Count a call. most: calls per second, None is no limit. Raises AppOverloaded."""
        if most is None:
            return
        now = self._seconds()
        left, since = self._buckets.get(app, (float(most), now))
        left = min(float(most), left + (now - since) * most)
        if left < 1:
            self._buckets[app] = left, now
            raise AppOverloaded(
                Bilingual(f"app '{app}' calls more than {most} times a second; at most {most} are allowed",
                          f"应用“{app}”每秒调用超过 {most} 次；最多允许 {most} 次"),
                details={"retry_after_s": 1})
        self._buckets[app] = left - 1, now
