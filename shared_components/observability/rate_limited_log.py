"""Log lines that an app can provoke as often as it likes, and that fill no disk."""
from __future__ import annotations

import logging
from typing import Any

log = logging.getLogger(__name__)


class RateLimitedLog:
    """At most one line of an event in so many seconds; it says how many there were since the last one."""

    def __init__(self, *, every_s: float) -> None:
        self._every_s = every_s
        self._told_at: dict[str, float] = {}
        self._untold: dict[str, int] = {}

    def tell(self, event: str, now: float, **facts: Any) -> None:
        """event: a constant name, and so of few."""
        if now - self._told_at.get(event, -self._every_s) < self._every_s:
            self._untold[event] = self._untold.get(event, 0) + 1
            return
        self._told_at[event] = now
        log.warning(event, extra={**facts, "untold_before": self._untold.pop(event, 0)})
