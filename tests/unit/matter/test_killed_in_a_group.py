"""The process is killed at each step of a group: before and after every call and every commit. All cases end well."""
from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.unit.matter.bench import APPLICANT, Bench
from tests.unit.matter.memory import MOST_AT_ONCE, MemoryTransactions

ONCE_A_CASE = ("payment.create_order", "elicence.issue", "couriers.dispatch")
NOTICES = 8
LEASE_S = 91


class Killed(BaseException):
    """Nothing after this point is run, and nobody is told."""


class Killer:
    """Kills at the point with this number. armed: whether points are counted. reached: how many there were."""

    def __init__(self, point: int | None) -> None:
        self.point = point
        self.reached = 0
        self.armed = False

    def __call__(self, *_: Any) -> None:
        self.reached += self.armed
        if self.armed and self.reached == self.point:
            self.armed = False
            raise Killed


def two_cases(killer: Killer, room: int) -> Bench:
    """Two cases of matter D in one group, killed once and started again."""
    bench = Bench()
    bench.transactions.room = room
    transactions = bench.transactions
    assert isinstance(transactions, MemoryTransactions)
    bench.world.before = bench.world.after = transactions.crash = killer
    ids = [bench.submit(applicant) for applicant in (APPLICANT, bench.another_applicant())]
    run(bench, killer)
    for case_id in ids:
        bench.call_back(case_id, callback_id=f"m-{case_id}")
        bench.tell_only(bench.pay_silently(case_id))
    run(bench, killer)
    assert [bench.case(case_id).state for case_id in ids] == ["completed", "completed"], killer.point
    assert all(not task.is_open for case_id in ids for task in bench.case(case_id).tasks), killer.point
    return bench


def run(bench: Bench, killer: Killer) -> None:
    """Go on after a kill as a new process does: the events that wait come, leases end, the sweep looks."""
    killer.armed = True
    try:
        bench.run_in_groups()
    except Killed:
        bench.transactions.claimed.clear()
        bench.run_in_groups()
        bench.sweep(seconds=LEASE_S)
        bench.run_in_groups()
    killer.armed = False


@pytest.mark.parametrize("room", [0, 5, MOST_AT_ONCE])
def test_a_kill_at_any_point_of_a_group_loses_nothing_and_doubles_nothing(room: int) -> None:
    """room: for tasks that are claimed where they come due; the others come as events."""
    whole = Killer(None)
    two_cases(whole, room)
    assert whole.reached > 60
    for point in range(1, whole.reached + 1):
        bench = two_cases(Killer(point), room)
        done = Counter(bench.world.log)
        assert {method: done[method] for method in ONCE_A_CASE} == dict.fromkeys(ONCE_A_CASE, 2), point
        assert len(bench.world.messages) == 2 * NOTICES, point
        assert set(bench.world.effects.values()) == {1}, point
