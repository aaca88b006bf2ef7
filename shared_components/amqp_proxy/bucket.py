"""A token bucket that may go into debt: what has come is paid for afterwards, by waiting."""
from __future__ import annotations


class Bucket:
    """per_s: what it gains in a second. most: what it holds when nothing was taken for long; it begins full."""

    def __init__(self, per_s: float, most: float, now: float) -> None:
        self._per_s, self._most = per_s, most
        self._left, self._at = most, now

    def take(self, amount: float, now: float) -> float:
        """Gives the seconds until what was taken is paid for; 0 when it is."""
        self._left, self._at = self.left(now) - amount, now
        return max(0.0, -self._left / self._per_s)

    def wait_for(self, amount: float, now: float) -> float:
        """Return what `take` would return, without taking anything."""
        return max(0.0, (amount - self.left(now)) / self._per_s)

    def left(self, now: float) -> float:
        """now: of a clock that never goes back."""
        return min(self._most, self._left + (now - self._at) * self._per_s)
