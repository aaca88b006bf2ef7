"""Costs of a provider's outage: requests beside those that were needed, and the time until all was done."""
from __future__ import annotations

from dataclasses import dataclass, field

MOST, RECOVERED_S, LAST_S, PATIENCE_S = 1.2, 30, 60, 200
# Of the requests eight in ten are not done and half of the others are done and not answered: nine in ten fail.
FAILING = {"error_before_work": 0.8, "error_after_work": 0.5}


@dataclass
class Found:
    """recovered_s: until all was done, or, where single things wait longer by their own rule (last_s), nearly all.

    doubled: things that the provider has done twice.
    """

    needed: int
    requests: int
    recovered_s: float
    undone: int
    codes: dict[str, int] = field(default_factory=dict)
    doubled: int = 0
    last_s: float = 0.0

    @property
    def amplification(self) -> float:
        return self.requests / self.needed

    @property
    def counts(self) -> dict[str, object]:
        last = {"last_s": self.last_s} if self.last_s else {}
        return {"needed": self.needed, "requests": self.requests, "amplification": self.amplification,
                "recovered_s": self.recovered_s, **last, "undone": self.undone, "codes": self.codes}  # fmt: skip

    @property
    def wrong(self) -> list[str]:
        wrong = [f"{self.undone} undone"] if self.undone else []
        wrong += [f"{self.doubled} done twice"] if self.doubled else []
        wrong += [f"amplification {self.amplification:.2f}"] if self.amplification > MOST else []
        wrong += [f"the last one done after {self.last_s:.0f} s"] if self.last_s > LAST_S else []
        return wrong + ([f"recovered after {self.recovered_s:.0f} s"] if self.recovered_s > RECOVERED_S else [])
