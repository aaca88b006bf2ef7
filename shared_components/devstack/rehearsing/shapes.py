"""Shapes of a peak: the share of the full rate at each moment."""
from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared_components.kernel.bilingual import Bilingual
from shared_components.runtime.errors import WrongUse

MOST_RATE, LONGEST_S = 50_000.0, 3600.0
RATE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)(?:/s)?")
TIME = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)(s|m|h)?")

SHAPES: Mapping[str, Callable[[float], float]] = {
    "steady": lambda share: 1.0,
    # Up for a third of the time, then all of it.
    "ramp": lambda share: min(share * 3, 1.0),
    # Quiet, then all at once: an emergency app is announced.
    "step": lambda share: 0.1 if share < 0.3 else 1.0,
    # Rises to the last hour, and ends at midnight.
    "tax-deadline": lambda share: 0.15 + 0.85 * math.exp(-(((share - 0.75) / 0.22) ** 2)),
}


@dataclass(frozen=True)
class Peak:
    """rate: calls a second at its height. seconds: of the whole rehearsal."""

    rate: float
    seconds: float
    shape: str

    def rate_at(self, at_s: float) -> float:
        return self.rate * SHAPES[self.shape](min(max(at_s / self.seconds, 0.0), 1.0))


def peak(rate: str, seconds: str, shape: str) -> Peak:
    """Read options of a command. Raises WrongUse: a rehearsal without a limit would be an attack."""
    per_second, duration = RATE.fullmatch(rate), TIME.fullmatch(seconds)
    if per_second is None or not 0 < float(per_second[1]) <= MOST_RATE:
        raise WrongUse(Bilingual(
            f"--rate is '{rate[:40]}'; a number of calls a second to {MOST_RATE:,.0f} is allowed, such as 200/s",
            f"--rate 为“{rate[:40]}”；须为每秒调用数，不超过 {MOST_RATE:,.0f}，如 200/s"))
    length_s = float(duration[1]) * {"s": 1, "m": 60, "h": 3600}[duration[2] or "s"] if duration else 0.0
    if not 1 <= length_s <= LONGEST_S:
        raise WrongUse(Bilingual(
            f"--for is '{seconds[:40]}'; a time from 1s to {LONGEST_S / 3600:g}h is allowed, such as 10m",
            f"--for 为“{seconds[:40]}”；允许 1s 至 {LONGEST_S / 3600:g}h，如 10m"))
    if shape not in SHAPES:
        raise WrongUse(Bilingual(
            f"--shape is '{shape[:40]}'; allowed: {', '.join(SHAPES)}",
            f"--shape 为“{shape[:40]}”；允许：{'、'.join(SHAPES)}"))
    return Peak(float(per_second[1]), length_s, shape)
