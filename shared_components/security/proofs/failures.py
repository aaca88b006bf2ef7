"""A limit on proofs that fail, by caller: who tries many pays no signature check of ours."""
from __future__ import annotations

from collections import OrderedDict

from shared_components.kernel.bilingual import Bilingual
from shared_components.security.errors import TooManyFailures

MOST_FAILURES, WITHIN_S = 20, 60.0
MOST_CALLERS = 10_000


class FailureLimit:
    """Counts failures of each caller in windows of WITHIN_S seconds."""

    def __init__(self, most: int = MOST_FAILURES) -> None:
        self._most = most
        self._failed: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def check(self, caller: str, now_s: float) -> None:
        """Raises TooManyFailures."""
        began_s, count = self._failed.get(caller, (now_s, 0))
        if count >= self._most and now_s < began_s + WITHIN_S:
            left_s = max(1, round(began_s + WITHIN_S - now_s))
            raise TooManyFailures(
                Bilingual(
                    f"'{caller}' has shown {count} wrong tokens in {WITHIN_S:g} s; fewer than {self._most} are allowed",
                    f"“{caller}”在 {WITHIN_S:g} 秒内出示了 {count} 个无效令牌；须少于 {self._most} 个"),
                details={"retry_after_s": left_s})

    def note(self, caller: str, now_s: float) -> None:
        """Count one failure."""
        began_s, count = self._failed.get(caller, (now_s, 0))
        if now_s >= began_s + WITHIN_S:
            began_s, count = now_s, 0
        self._failed[caller] = (began_s, count + 1)
        self._failed.move_to_end(caller)
        while len(self._failed) > MOST_CALLERS:
            self._failed.popitem(last=False)
