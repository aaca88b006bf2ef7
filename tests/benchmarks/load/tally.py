"""Counts of a load generator, printed as one line of JSON."""
from __future__ import annotations

import json
import sys
from array import array
from collections import Counter
from typing import Any


class Tally:
    """Calls that ended, each with its latency; those that failed by their error code.

    setup_s and cpu_s are the generator's own: what it took to load, and how much of it was computing.
    """

    def __init__(self) -> None:
        self.latencies_s = array("d")
        self.errors: Counter[str] = Counter()

    def summary(self, seconds: float, cpu_s: float, **more: Any) -> dict[str, Any]:
        done = len(self.latencies_s)
        ordered = sorted(self.latencies_s)
        return {
            "calls": done, "errors": dict(self.errors), "seconds": seconds, "rate": done / seconds,
            "p50_ms": quantile(ordered, 0.50) * 1000, "p99_ms": quantile(ordered, 0.99) * 1000,
            "load_us": cpu_s / max(done, 1) * 1e6, **more,
        }


def quantile(ordered: list[float], part: float) -> float:
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)] if ordered else 0.0


def say(summary: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(summary) + "\n")
    sys.stdout.flush()
