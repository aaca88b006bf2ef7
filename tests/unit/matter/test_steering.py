"""Staff steer a case: pause, run now, skip, end, hand on; each with a reason that goes on record."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from services.matter.cases.domain import states
from services.matter.cases.domain.errors import CaseNotFound
from services.matter.tasks.domain.errors import (
    CaseNotPaused,
    CaseNotRunning,
    DeskOfOthers,
    OfficerNeeded,
    OwnCase,
    SameDesk,
    StepNotRunnable,
    StepNotSkippable,
    TaskTaken,
)
from services.matter.tasks.usecases.claim_task import OneTask, get_task, release_task
from services.matter.tasks.usecases.hand_on import DelegateTask, EscalateCase, delegate_task, escalate_case
from services.matter.tasks.usecases.steer_case import SteerCase, compensate_case, pause_case, resume_case
from services.matter.tasks.usecases.steer_step import SteerStep, run_step_now, skip_step
from shared_components.db import ALL_TENANTS
from shared_components.evidence_log.tables import records
from shared_components.kernel.calls import CallContext
from tests.unit.matter.bench import APPLICANT, CONTEXT, TENANT, Bench
from tests.unit.matter.desk import at_desk, claim, decide, inbox, start_waiting
from tests.unit.matter.memory import MemoryTransactions

OPERATOR = CallContext("operator", TENANT, op_id="op")
WHY = "系统维护"


def steer(bench: Bench, do: Callable[..., Any], case_id: str, context: CallContext = OPERATOR) -> None:
    with bench.transactions.begin(TENANT) as tx:
        do(tx, SteerCase(case_id, WHY), context)
    bench.run()


def steer_one(bench: Bench, do: Callable[..., Any], case_id: str, step: str) -> None:
    with bench.transactions.begin(TENANT) as tx:
        do(tx, SteerStep(case_id, step, WHY), OPERATOR)
    bench.run()


def test_a_paused_case_goes_on_where_it_was(bench: Bench) -> None:
    case_id = start_waiting(bench)
    steer(bench, pause_case, case_id)
    claim(bench, case_id)
    decide(bench, case_id)
    case = bench.case(case_id)
    assert (case.step("review").state, case.step("tell").state, case.state) == ("completed", "pending", "running")
    bench.sweep(hours=5)
    assert bench.case(case_id).state == states.RUNNING
    steer(bench, resume_case, case_id)
    assert bench.case(case_id).state == states.COMPLETED
    with pytest.raises(CaseNotPaused):
        steer(bench, resume_case, case_id)
    with pytest.raises(CaseNotRunning):
        steer(bench, pause_case, case_id)


def test_what_was_due_is_held_and_comes_due_again(bench: Bench) -> None:
    case_id = bench.submit()
    steer(bench, pause_case, case_id)
    before = bench.world.log[:]
    bench.sweep(hours=5)
    assert bench.world.log == before
    steer(bench, resume_case, case_id)
    bench.hospital(case_id)
    bench.pay(case_id)
    assert bench.case(case_id).state == states.COMPLETED


def test_an_applicant_withdraws_a_paused_case(bench: Bench) -> None:
    case_id = bench.submit()
    bench.run()
    bench.hospital(case_id)
    bench.pay_silently(case_id)
    steer(bench, pause_case, case_id)
    bench.withdraw(case_id)
    bench.sweep(hours=1)
    assert bench.case(case_id).state == states.WITHDRAWN


def test_a_case_that_staff_end_is_undone_and_told_why(bench: Bench) -> None:
    case_id = bench.submit()
    bench.run()
    steer(bench, compensate_case, case_id)
    bench.sweep(hours=1)
    case = bench.case(case_id)
    assert (case.state, (case.stop or {})["code"]) == (states.TERMINATED, "matter.ended-by-department")
    assert any(WHY in line.zh for line in case.timeline)
    assert "case-terminated" in bench.events()
    assert {order["state"] for order in bench.world.orders.values()} <= {"closed", "refunded"}
    with pytest.raises(CaseNotRunning):
        steer(bench, compensate_case, case_id)


def test_a_step_without_effect_is_skipped_and_one_that_may_have_had_one_is_not(bench: Bench) -> None:
    case_id = start_waiting(bench)
    steer_one(bench, skip_step, case_id, "review")
    assert (bench.state(case_id, "review"), bench.case(case_id).state) == (states.SKIPPED, states.COMPLETED)
    paying = bench.submit(bench.another_applicant())
    bench.run()
    bench.hospital(paying)
    assert bench.state(paying, "pay") == states.WAITING
    with pytest.raises(StepNotSkippable):
        steer_one(bench, skip_step, paying, "pay")


def test_a_step_that_waits_is_asked_now(bench: Bench) -> None:
    case_id = bench.submit()
    bench.run()
    bench.hospital(case_id)
    bench.pay_silently(case_id)
    steer_one(bench, run_step_now, case_id, "pay")
    assert bench.state(case_id, "pay") == states.COMPLETED
    with pytest.raises(StepNotRunnable):
        steer_one(bench, run_step_now, case_id, "pay")
    waiting = start_waiting(bench)
    with pytest.raises(StepNotRunnable):
        steer_one(bench, run_step_now, waiting, "review")


@pytest.mark.parametrize("do", [pause_case, resume_case, compensate_case])
def test_who_is_neither_officer_nor_operator_steers_nothing(bench: Bench, do: Callable[..., Any]) -> None:
    case_id = start_waiting(bench)
    with pytest.raises(OfficerNeeded):
        steer(bench, do, case_id, CONTEXT)
    with pytest.raises(CaseNotFound):
        steer(bench, do, case_id, at_desk("pause_case", "sub_o3", "manager", department="another"))


def test_an_escalated_step_is_done_by_the_other_role_with_the_reason(bench: Bench) -> None:
    case_id = start_waiting(bench)
    claim(bench, case_id)
    handing = at_desk("escalate_case")
    with bench.transactions.begin(TENANT) as tx:
        with pytest.raises(SameDesk):
            escalate_case(tx, EscalateCase(case_id, "review", "handler", WHY), handing)
        escalate_case(tx, EscalateCase(case_id, "review", "manager", WHY), handing)
    assert inbox(bench) == []
    with pytest.raises(DeskOfOthers):
        claim(bench, case_id)
    manager = at_desk("claim_task", "sub_o3", "manager")
    claim(bench, case_id, manager)
    with bench.transactions.begin(TENANT) as tx:
        assert list(get_task(tx, OneTask(case_id, "review"), manager).notes) == [WHY]
    decide(bench, case_id, manager)
    assert bench.case(case_id).state == states.COMPLETED


def test_a_colleague_does_a_delegated_step_and_a_manager_takes_it_back(bench: Bench) -> None:
    case_id = start_waiting(bench)
    claim(bench, case_id)
    with bench.transactions.begin(TENANT) as tx:
        delegate_task(tx, DelegateTask(case_id, "review", "sub_o2", WHY), at_desk("delegate_task"))
    with pytest.raises(TaskTaken):
        decide(bench, case_id)
    with pytest.raises(TaskTaken), bench.transactions.begin(TENANT) as tx:
        release_task(tx, OneTask(case_id, "review"), at_desk("release_task"))
    with bench.transactions.begin(TENANT) as tx:
        release_task(tx, OneTask(case_id, "review"), at_desk("release_task", "sub_o3", "manager", "handler"))
    claim(bench, case_id)
    decide(bench, case_id)
    assert bench.case(case_id).state == states.COMPLETED


def on_record(bench: Bench) -> list[tuple[str, str]]:
    if isinstance(bench.transactions, MemoryTransactions):
        return [(action, about) for action, about, _ in bench.transactions.committed.evidence]
    with bench.transactions.database.transaction(ALL_TENANTS) as session:
        rows = session.execute(select(records.c.action, records.c.about))
        return sorted((row.action, row.about) for row in rows)


def test_what_staff_did_is_on_record_with_its_reason(bench: Bench) -> None:
    case_id = start_waiting(bench)
    steer(bench, pause_case, case_id, at_desk("pause_case", "sub_o3", "manager"))
    steer(bench, resume_case, case_id)
    steer_one(bench, skip_step, case_id, "review")
    assert on_record(bench) == [("case.paused", case_id), ("case.resumed", case_id), ("step.skipped", case_id)]


@pytest.mark.parametrize("do", [pause_case, resume_case, compensate_case], ids=lambda do: do.__name__)
def test_a_manager_does_not_steer_the_own_application(bench: Bench, do: Callable[..., Any]) -> None:
    case_id = start_waiting(bench)
    with pytest.raises(OwnCase):
        steer(bench, do, case_id, at_desk(do.__name__, APPLICANT, "manager"))


@pytest.mark.parametrize("do", [run_step_now, skip_step], ids=lambda do: do.__name__)
def test_a_manager_does_not_steer_steps_of_the_own_application(bench: Bench, do: Callable[..., Any]) -> None:
    case_id = start_waiting(bench)
    with pytest.raises(OwnCase), bench.transactions.begin(TENANT) as tx:
        do(tx, SteerStep(case_id, "review", WHY), at_desk(do.__name__, APPLICANT, "manager"))
