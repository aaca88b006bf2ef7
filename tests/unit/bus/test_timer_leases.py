"""The holder of a timer's lease asks for it again when half of it is over, and never runs without."""
from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from shared_components.bus.server import timer
from shared_components.kernel.errors import Unavailable


class Timed:
    """Turns of one timer's loop, a second each by its own clock; `asked` and `ran` are the seconds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, turns: int, lease_s: float, answers: Any) -> None:
        self.now, self.asked, self.ran = 0.0, list[float](), list[float]()
        self._answers = answers
        monkeypatch.setattr(timer, "monotonic", lambda: self.now)
        timers: Any = timer.Timers()
        timers._stopping = SimpleNamespace(wait=lambda _: self._turn() > turns)
        timers._acquire, timers._run = self._acquire, lambda _: self.ran.append(self.now)
        timers._release = lambda _: None
        timers._loop(SimpleNamespace(method_name="deliver", seconds=1.0, lease_s=lease_s))

    def _turn(self) -> float:
        self.now += 1.0
        return self.now

    def _acquire(self, _: Any) -> bool:
        self.asked.append(self.now)
        answer = self._answers(self.now)
        if isinstance(answer, Exception):
            raise answer
        return bool(answer)


def test_a_lease_is_asked_for_again_when_half_of_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    timed = Timed(monkeypatch, turns=10, lease_s=8.0, answers=lambda _: True)
    assert timed.ran == [float(second) for second in range(1, 11)]
    assert timed.asked == [1.0, 5.0, 9.0]


def test_who_has_no_lease_asks_at_each_turn_and_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    timed = Timed(monkeypatch, turns=4, lease_s=8.0, answers=lambda _: False)
    assert (timed.asked, timed.ran) == ([1.0, 2.0, 3.0, 4.0], [])


def test_a_lease_that_could_not_be_asked_for_is_asked_for_before_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    timed = Timed(monkeypatch, turns=8, lease_s=4.0, answers=lambda now: Unavailable() if 3 <= now < 6 else True)
    assert timed.asked == [1.0, 3.0, 4.0, 5.0, 6.0, 8.0]
    assert timed.ran == [1.0, 2.0, 6.0, 7.0, 8.0]


def test_a_lease_that_another_has_taken_stops_the_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    timed = Timed(monkeypatch, turns=5, lease_s=4.0, answers=lambda now: now < 3)
    assert timed.ran == [1.0, 2.0]
