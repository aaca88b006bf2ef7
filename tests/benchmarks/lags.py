"""How long after their sending things were handled, by measurement; kept in the handling process."""
from __future__ import annotations

from array import array
from typing import Any

from tests.benchmarks.load.tally import quantile


class Lags:
    def __init__(self) -> None:
        self._runs: dict[str, array[float]] = {}

    def note(self, run: str, lag_s: float) -> None:
        self._runs.setdefault(run, array("d")).append(lag_s)

    def summary(self, run: str) -> dict[str, Any]:
        lags = self._runs.get(run, array("d"))
        ordered = sorted(lags)
        return {
            "count": len(ordered), "p50_ms": quantile(ordered, 0.5) * 1000, "p99_ms": quantile(ordered, 0.99) * 1000,
        }
