"""A call that cannot be served before its deadline is refused at once; no call is refused on a guess."""
from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from shared_components.bus.errors import Overloaded
from shared_components.bus.server.load_shedding import ENOUGH, MethodBacklog
from shared_components.bus.server.requests import Request
from shared_components.kernel.calls import CallContext

NOW = 1_000.0


def call(left_s: float | None) -> Any:
    deadline_s = None if left_s is None else NOW + left_s
    return SimpleNamespace(request=Request({}, CallContext(caller="app", tenant="t", deadline_s=deadline_s)))


def backlog(
    *left_s: float | None, takes_s: float = 0.1, group_size: int = 1, concurrent_groups: int = 2,
) -> MethodBacklog:
    made = MethodBacklog(group_size, concurrent_groups)
    for _ in range(ENOUGH):
        made.note(takes_s)
    made.calls.extend(call(left) for left in left_s)
    return made


def refused(made: MethodBacklog, ahead_s: float = 0.0) -> int:
    before = len(made.calls)
    calls = made.shed_expired(NOW, ahead_s)
    assert all(isinstance(one.request.outcome, Overloaded) and one.request.done for one in calls)
    assert len(made.calls) == before - len(calls)
    return len(calls)


def test_only_those_behind_too_many_others_are_refused() -> None:
    # two at a time, 0.1 s each: the n-th (from 1) is answered after n x 0.05 x 1.05 + 0.1 + 0.05 s
    assert refused(backlog(*[1.01] * 30)) == 30 - 16


def test_of_a_long_wait_some_is_kept_in_reserve() -> None:
    # the last one begins after 2.75 s by reckoning, and would be answered within 2.9
    assert refused(backlog(*[3.0] * 55)) == 1
    assert refused(backlog(*[3.1] * 55)) == 0


def test_who_is_refused_makes_room_for_those_behind() -> None:
    made = backlog(*[0.01] * 20, 0.3)
    assert refused(made) == 20
    assert [one.request.context.deadline_s for one in made.calls] == [NOW + 0.3]


def test_a_group_counts_once_for_all_of_its_calls() -> None:
    assert refused(backlog(*[1.0] * 1000, group_size=100)) == 0


def test_other_methods_work_counts() -> None:
    assert refused(backlog(1.0), ahead_s=0.5) == 0
    assert refused(backlog(1.0), ahead_s=2.0) == 1


def test_nobody_is_refused_before_there_is_experience() -> None:
    made = MethodBacklog(1, 2)
    for _ in range(ENOUGH - 1):
        made.note(9.0)
    made.calls.append(call(1.0))
    assert refused(made) == 0


def test_one_slow_group_is_no_overload() -> None:
    made = backlog(1.0)
    made.note(30.0)
    assert refused(made) == 0


def test_a_call_without_deadline_waits() -> None:
    assert refused(backlog(None, takes_s=50.0)) == 0


def test_a_refusal_says_when_to_come_again() -> None:
    made = backlog(*[3.0] * 100, takes_s=0.2)
    assert {one.request.outcome.details["retry_after_s"] for one in made.shed_expired(NOW, 0.0)} == {3}
