"""Officers' steps: who finds, takes and decides them, and what the case does then."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest

from services.matter.cases.domain import states
from services.matter.cases.domain.errors import CaseNotFound
from services.matter.cases.usecases.own_case import OneCase
from services.matter.cases.usecases.read_cases import get_cases
from services.matter.definitions.domain.errors import DefinitionInvalid, FormInvalid
from services.matter.publishing.adapters.definition_reader import read_definition
from services.matter.tasks.domain.errors import (
    DeskOfOthers,
    OfficerNeeded,
    OwnCase,
    ReasonMissing,
    SameOfficer,
    TaskNotClaimed,
    TaskNotOpen,
    TaskTaken,
)
from services.matter.tasks.usecases.claim_task import OneTask, claim_task, get_task, release_task
from services.matter.tasks.usecases.complete_task import CompleteTask, complete_task
from services.matter.tasks.usecases.hand_on import DelegateTask, delegate_task
from services.matter.tasks.usecases.list_tasks import ListTasks, list_tasks
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.errors import AppError
from tests.acting import citizen
from tests.cases.definitions import a_definition, as_yaml
from tests.unit.matter.bench import APPLICANT, TENANT, Bench
from tests.unit.matter.desk import DECISION_FORM, FORM, at_desk, claim, decide, inbox, review, start_waiting
from tests.unit.matter.town import RULES


@pytest.fixture
def waiting(bench: Bench) -> Callable[..., str]:
    return partial(start_waiting, bench)


def test_a_step_waits_in_the_inbox_until_an_officer_approves(bench: Bench, waiting: Callable[..., str]) -> None:
    case_id = waiting()
    assert inbox(bench) == [(case_id, False, False)]
    claim(bench, case_id)
    assert inbox(bench) == [(case_id, True, True)]
    assert inbox(bench, whose="unclaimed") == []
    decide(bench, case_id)
    assert (inbox(bench), bench.case(case_id).state) == ([], states.COMPLETED)


def test_a_refusal_is_told_with_its_reason(bench: Bench, waiting: Callable[..., str]) -> None:
    case_id = waiting()
    claim(bench, case_id)
    with pytest.raises(ReasonMissing):
        decide(bench, case_id, decision="refuse", reason="  ")
    decide(bench, case_id, decision="refuse", reason="现场与申请不符")
    case = bench.case(case_id)
    assert (case.state, (case.stop or {})["zh"]) == (states.REFUSED, "现场与申请不符")
    assert any("现场与申请不符" in line.zh for line in case.timeline)


def test_a_refusal_names_the_remedies_and_their_terms(bench: Bench, waiting: Callable[..., str]) -> None:
    case_id = waiting()
    claim(bench, case_id)
    decide(bench, case_id, decision="refuse", reason="现场与申请不符")
    own = CallContext("app-demo", TENANT, acting=citizen(APPLICANT), department=TENANT, rule=RULES["get_case"])
    with bench.transactions.begin(TENANT) as tx:
        (seen,) = get_cases(tx, [Call(OneCase(case_id), own)])
    assert not isinstance(seen, AppError), seen
    told = [(remedy["kind"], remedy["zh"]) for remedy in seen.outcome["remedies"]]
    assert [kind for kind, _ in told] == ["administrative-reconsideration", "administrative-litigation"]
    assert "60 日" in told[0][1] and "6 个月" in told[1][1]


def test_only_an_officer_of_the_department_and_role_finds_the_step(bench: Bench, waiting: Callable[..., str]) -> None:
    case_id = waiting()
    assert inbox(bench, at_desk("list_tasks", "sub_o2", "finance")) == []
    assert inbox(bench, at_desk("list_tasks", "sub_o2", department="another")) == []
    with pytest.raises(DeskOfOthers):
        claim(bench, case_id, at_desk("claim_task", "sub_o2", "finance"))
    with pytest.raises(CaseNotFound):
        claim(bench, case_id, at_desk("claim_task", "sub_o2", department="another"))


@pytest.mark.parametrize("acting", [None, citizen(APPLICANT), citizen("sub_2")])
def test_who_is_no_officer_does_nothing(bench: Bench, waiting: Callable[..., str], acting: Any) -> None:
    case_id = waiting()
    context = CallContext("app-demo", TENANT, op_id="op", acting=acting, rule=RULES["claim_task"])
    for do in (
        lambda tx: claim_task(tx, OneTask(case_id, "review"), context),
        lambda tx: get_task(tx, OneTask(case_id, "review"), context),
        lambda tx: complete_task(tx, CompleteTask(case_id, "review", "approve"), context),
        lambda tx: list_tasks(tx, ListTasks(), context),
    ):
        with pytest.raises(OfficerNeeded), bench.transactions.begin(TENANT) as tx:
            do(tx)


def test_a_step_is_decided_by_who_has_taken_it(bench: Bench, waiting: Callable[..., str]) -> None:
    case_id = waiting()
    with pytest.raises(TaskNotClaimed):
        decide(bench, case_id)
    claim(bench, case_id)
    claim(bench, case_id)
    other = at_desk("claim_task", "sub_o2")
    with pytest.raises(TaskTaken):
        claim(bench, case_id, other)
    with pytest.raises(TaskTaken):
        decide(bench, case_id, at_desk("complete_task", "sub_o2"))
    with bench.transactions.begin(TENANT) as tx:
        release_task(tx, OneTask(case_id, "review"), at_desk("release_task"))
    claim(bench, case_id, other)
    decide(bench, case_id, at_desk("complete_task", "sub_o2"))
    with pytest.raises(TaskNotOpen):
        decide(bench, case_id, at_desk("complete_task", "sub_o2"))


def test_another_officer_countersigns_before_a_decision_holds(bench: Bench, waiting: Callable[..., str]) -> None:
    case_id = waiting(countersign="approver")
    both, second = ("handler", "approver"), ("sub_o2", "approver")
    claim(bench, case_id, at_desk("claim_task", "sub_o1", *both))
    decide(bench, case_id, at_desk("complete_task", "sub_o1", *both))
    assert bench.state(case_id, "review") == states.WAITING
    with pytest.raises(SameOfficer):
        claim(bench, case_id, at_desk("claim_task", "sub_o1", *both))
    claim(bench, case_id, at_desk("claim_task", *second))
    with pytest.raises(ReasonMissing):
        decide(bench, case_id, at_desk("complete_task", *second), decision="refuse")
    decide(bench, case_id, at_desk("complete_task", *second), decision="refuse", reason="材料不全")
    assert inbox(bench) == [(case_id, False, False)]
    claim(bench, case_id, at_desk("claim_task", "sub_o1", *both))
    decide(bench, case_id, at_desk("complete_task", "sub_o1", *both))
    claim(bench, case_id, at_desk("claim_task", *second))
    decide(bench, case_id, at_desk("complete_task", *second))
    case = bench.case(case_id)
    assert (case.state, case.step("review").settings["decided_by"]) == (states.COMPLETED, ["sub_o1", "sub_o2"])


def test_the_applicant_sees_no_proposal_and_no_officer(bench: Bench, waiting: Callable[..., str]) -> None:
    case_id = waiting(countersign="approver", form=DECISION_FORM)
    claim(bench, case_id)
    decide(bench, case_id, decision="refuse", reason="内部意见")
    own = CallContext(
        "app-demo", TENANT, acting=citizen(APPLICANT), department=TENANT, rule=RULES["get_case"])
    with bench.transactions.begin(TENANT) as tx:
        (seen,) = get_cases(tx, [Call(OneCase(case_id), own)])
    assert not isinstance(seen, AppError), seen
    assert "内部意见" not in repr([line.zh for line in seen.timeline] + [step.result for step in seen.steps])
    assert "sub_o1" not in repr(seen)


def test_an_officer_fills_in_what_the_step_asks(bench: Bench, waiting: Callable[..., str]) -> None:
    case_id = waiting(form=DECISION_FORM)
    claim(bench, case_id)
    for wrong in ({}, {"site_seen": "yes"}, {"site_seen": True, "more": 1}):
        with pytest.raises(FormInvalid):
            decide(bench, case_id, form=wrong)
    decide(bench, case_id, form={"site_seen": True})
    assert bench.case(case_id).step("review").result == {"site_seen": True}


def test_an_officer_sees_the_fields_that_the_definition_lists(bench: Bench, waiting: Callable[..., str]) -> None:
    case_id = waiting(fields=["address"])
    with bench.transactions.begin(TENANT) as tx:
        seen = get_task(tx, OneTask(case_id, "review"), at_desk("get_task"))
    assert dict(seen.form) == {"address": "湖滨路1号"}


def test_nobody_decides_on_the_own_application(bench: Bench, waiting: Callable[..., str]) -> None:
    case_id = waiting()
    own = at_desk("claim_task", APPLICANT)
    with pytest.raises(OwnCase):
        claim(bench, case_id, own)
    # A colleague gives it to the applicant all the same.
    claim(bench, case_id)
    with bench.transactions.begin(TENANT) as tx:
        delegate_task(tx, DelegateTask(case_id, "review", APPLICANT, "代办"), at_desk("delegate_task"))
    with pytest.raises(OwnCase):
        decide(bench, case_id, at_desk("complete_task", APPLICANT))


def test_a_withdrawn_case_leaves_the_inbox(bench: Bench, waiting: Callable[..., str]) -> None:
    case_id = waiting()
    bench.withdraw(case_id)
    bench.run()
    assert (inbox(bench), bench.case(case_id).state) == ([], states.WITHDRAWN)


def test_a_field_that_officers_are_shown_exists() -> None:
    with pytest.raises(DefinitionInvalid) as refused:
        read_definition(as_yaml(a_definition(form=FORM, steps=[review(fields=["adress"])])))
    problems: list[Mapping[str, Any]] = refused.value.details["problems"]
    assert [problem["path"] for problem in problems] == ["steps.0.with.fields.0"]
