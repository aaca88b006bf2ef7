"""The engine's workers of a process: what was claimed is asked at once, recorded in groups, and finished at the end."""
from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from time import monotonic

import pytest

from services.matter.cases.adapters.step_runner import BegunWithCommit, StepRunner
from services.matter.cases.domain.case import Case
from services.matter.cases.usecases.at_once import Claimed
from tests.unit.matter.bench import Bench
from tests.unit.matter.memory import MemoryCases

PATIENCE_S = 20.0


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_it_asks_at_once_and_records_what_is_done(bench: Bench) -> None:
    case_id = bench.submit()
    runner = StepRunner(lambda: bench.engine)
    runner.begin(taken(bench))
    wait(lambda: not runner.in_hand)
    assert bench.state(case_id, "check") == "completed"
    assert {claimed.task.name for claimed in bench.transactions.claimed} >= {"medical", "pay"}


def test_it_takes_no_more_than_it_has_room_for_and_ends_when_all_is_recorded(bench: Bench) -> None:
    runner, entered, go_on = StepRunner(lambda: bench.engine, most=1), threading.Event(), threading.Event()

    def hold(method: str, op_id: str | None) -> None:
        entered.set()
        assert go_on.wait(PATIENCE_S)

    bench.world.before = hold
    case_id = bench.submit()
    runner.begin(taken(bench))
    assert entered.wait(PATIENCE_S)
    assert (runner.room(), runner.in_hand) == (0, 1)
    threading.Timer(0.05, go_on.set).start()
    runner.finish(PATIENCE_S)
    assert (runner.room(), runner.in_hand) == (0, 0)
    assert bench.state(case_id, "check") == "completed"


def test_a_transaction_begins_nothing_before_its_commit_and_counts_what_it_took(bench: Bench) -> None:
    bench.submit()
    after_commit, runner = list[Callable[[], None]](), StepRunner(lambda: bench.engine, most=2)
    at_once = BegunWithCommit(after_commit, runner)
    at_once.begin(taken(bench))
    assert (at_once.room(), runner.room(), runner.in_hand) == (1, 2, 0)
    after_commit[0]()
    wait(lambda: not runner.in_hand)


def test_a_case_that_cannot_be_recorded_keeps_its_claim_and_holds_up_no_other(
    bench: Bench, monkeypatch: pytest.MonkeyPatch,
) -> None:
    good, bad = bench.submit(), bench.submit(bench.another_applicant())
    runner, save = StepRunner(lambda: bench.engine), MemoryCases.save

    def refuse_one(cases: MemoryCases, case: Case) -> None:
        if case.id == bad:
            raise RuntimeError("cannot be written")
        save(cases, case)

    with monkeypatch.context() as patched:
        patched.setattr(MemoryCases, "save", refuse_one)
        runner.begin(taken(bench))
        wait(lambda: not runner.in_hand)
    assert (bench.state(good, "check"), bench.state(bad, "check")) == ("completed", "running")
    bench.sweep(seconds=91)
    assert bench.state(bad, "check") == "completed"


def taken(bench: Bench) -> Sequence[Claimed]:
    """The claims of the bench's transactions until now."""
    claimed = list(bench.transactions.claimed)
    bench.transactions.claimed.clear()
    return claimed


def wait(condition: Callable[[], bool]) -> None:
    until = monotonic() + PATIENCE_S
    while not condition():
        assert monotonic() < until
        threading.Event().wait(0.005)
