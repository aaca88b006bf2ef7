"""Health: is this process alive (else restart it), is it ready (else send it no work)."""
from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

log = logging.getLogger(__name__)

Check = Callable[[], "str | None"]
"""Returns None when all is well, else a short reason without personal data; an exception counts as not well."""


@dataclass(frozen=True)
class Report:
    """ok: every check passed; checks: name → {ok, reason?}."""

    ok: bool
    checks: dict[str, dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        return {"status": "ok" if self.ok else "failing", "checks": self.checks}


class Health:
    """Named checks of one process.

    Liveness tells what only a restart heals (a consumer loop that has died); readiness also what heals by itself
    (the broker is away). A process that has registered no liveness check is not alive: nothing vouches for it.
    """

    def __init__(self) -> None:
        self._liveness: dict[str, Check] = {}
        self._readiness: dict[str, Check] = {}

    def add_liveness(self, name: str, check: Check) -> None:
        self._liveness[name] = check

    def add_readiness(self, name: str, check: Check) -> None:
        self._readiness[name] = check

    def remove(self, name: str) -> None:
        """Forget a check of a part that has been stopped in good order."""
        self._liveness.pop(name, None)
        self._readiness.pop(name, None)

    def live(self) -> Report:
        return _run(self.liveness_checks())

    def ready(self) -> Report:
        """Not ready when not alive."""
        return _run(self.readiness_checks())

    def liveness_checks(self) -> dict[str, Check]:
        return dict(self._liveness) or {"consumers": lambda: "no consumer is registered"}

    def readiness_checks(self) -> dict[str, Check]:
        return {**self._liveness, **self._readiness} if self._liveness else self.liveness_checks()


def report_of(results: Mapping[str, dict[str, Any]]) -> Report:
    """results: what `run_check` gave of each."""
    return Report(all(result["ok"] for result in results.values()), dict(sorted(results.items())))


def _run(checks: dict[str, Check]) -> Report:
    return report_of({name: run_check(name, check) for name, check in checks.items()})


def run_check(name: str, check: Check) -> dict[str, Any]:
    try:
        reason = check()
    except Exception as error:
        log.warning("health.check.failed", exc_info=error, extra={"check": name})
        # The type only: the answer goes to whoever asks.
        reason = type(error).__name__
    return {"ok": True} if reason is None else {"ok": False, "reason": reason}
