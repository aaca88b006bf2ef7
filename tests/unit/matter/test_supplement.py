"""补正: the applicant is told once, in time, with all that is missing; limits stand still until the answer."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.matter.cases.domain import states
from services.matter.cases.usecases.own_case import OneCase
from services.matter.cases.usecases.read_cases import get_cases
from services.matter.definitions.domain.errors import FormInvalid
from services.matter.tasks.domain.errors import (
    OfficerNeeded,
    SupplementAlreadyAsked,
    SupplementFieldUnknown,
    SupplementNotAwaited,
    SupplementTooLate,
    TaskNotClaimed,
    TaskNotOpen,
)
from services.matter.tasks.usecases.answer_supplement import AnswerSupplement, answer_supplement
from services.matter.tasks.usecases.request_supplement import RequestSupplement, request_supplement
from shared_components.kernel.calls import Call, CallContext
from shared_components.kernel.errors import AppError
from tests.acting import citizen
from tests.unit.matter.bench import APPLICANT, CONTEXT, TENANT, Bench
from tests.unit.matter.desk import at_desk, claim, decide, inbox, start_waiting
from tests.unit.matter.town import RULES

MISSING = ["请上传居住地证明"]


def ask(bench: Bench, case_id: str, context: CallContext | None = None, **given: Any) -> None:
    with bench.transactions.begin(TENANT) as tx:
        command = RequestSupplement(case_id, "review", **{"items": MISSING, "fields": ["address"], **given})
        request_supplement(tx, command, context or at_desk("request_supplement"))
    bench.run()


def answer(bench: Bench, case_id: str, context: CallContext = CONTEXT, **form: Any) -> None:
    with bench.transactions.begin(TENANT) as tx:
        answer_supplement(tx, AnswerSupplement(case_id, form), context)
    bench.run()


def seen(bench: Bench, case_id: str) -> Any:
    own = CallContext("app-demo", TENANT, acting=citizen(APPLICANT), department=TENANT, rule=RULES["get_case"])
    with bench.transactions.begin(TENANT) as tx:
        (view,) = get_cases(tx, [Call(OneCase(case_id), own)])
    assert not isinstance(view, AppError), view
    return view


def test_an_applicant_supplies_what_is_missing_and_the_same_officer_goes_on(bench: Bench) -> None:
    case_id = start_waiting(bench)
    claim(bench, case_id)
    ask(bench, case_id)
    assert inbox(bench) == []
    told = seen(bench, case_id)
    assert (list(told.supplement.items), list(told.supplement.fields)) == (MISSING, ["address"])
    assert "sub_o1" not in repr(told)
    assert "居住地证明" not in repr([line.zh for line in told.timeline]), "nothing personal stands in a timeline"
    answer(bench, case_id, address="湖滨路2号")
    assert inbox(bench) == [(case_id, True, True)]
    assert bench.case(case_id).form == {"address": "湖滨路2号", "note": "秘密"}
    assert seen(bench, case_id).supplement.answered_at == bench.clock.now()
    decide(bench, case_id)
    assert bench.case(case_id).state == states.COMPLETED
    assert bench.events() == [
        "case-submitted", "supplement-requested", "supplement-answered", "case-accepted", "case-decided",
        "case-completed"]


def test_nothing_is_decided_while_the_applicant_is_asked(bench: Bench) -> None:
    case_id = start_waiting(bench)
    claim(bench, case_id)
    ask(bench, case_id)
    with pytest.raises(TaskNotOpen):
        decide(bench, case_id)
    with pytest.raises(TaskNotOpen):
        claim(bench, case_id)


def test_all_is_told_at_once_and_never_again(bench: Bench) -> None:
    case_id = start_waiting(bench)
    claim(bench, case_id)
    ask(bench, case_id)
    answer(bench, case_id)
    with pytest.raises(SupplementAlreadyAsked):
        ask(bench, case_id)
    with pytest.raises(SupplementNotAwaited):
        answer(bench, case_id)


@pytest.mark.parametrize(("days", "allowed"), [(6, True), (8, False)])
def test_five_working_days_after_the_receipt_the_application_counts_as_accepted(
    bench: Bench, days: int, allowed: bool,
) -> None:
    """The case is received on a Monday; the fifth working day after it is the next Monday."""
    case_id = start_waiting(bench)
    claim(bench, case_id)
    bench.clock.advance(timedelta(days=days))
    if allowed:
        ask(bench, case_id)
        return
    with pytest.raises(SupplementTooLate):
        ask(bench, case_id)


def test_limits_stand_still_while_the_applicant_is_asked_and_begin_anew(bench: Bench) -> None:
    case_id = start_waiting(bench, limit=10)
    claim(bench, case_id)
    first = bench.case(case_id).step("review").limit_at
    assert first is not None
    ask(bench, case_id)
    assert bench.case(case_id).step("review").limit_at is None
    bench.clock.advance(timedelta(days=14))
    assert not seen(bench, case_id).overdue
    answer(bench, case_id)
    assert bench.case(case_id).step("review").limit_at == first + timedelta(days=14)


def test_only_what_was_asked_for_is_changed_and_it_is_complete(bench: Bench) -> None:
    case_id = start_waiting(bench)
    claim(bench, case_id)
    with pytest.raises(SupplementFieldUnknown):
        ask(bench, case_id, fields=["adress"])
    ask(bench, case_id)
    for wrong in ({"note": "另一说法"}, {"address": 7}):
        with pytest.raises(FormInvalid):
            answer(bench, case_id, **wrong)
    assert bench.case(case_id).form["note"] == "秘密"


def test_who_is_not_at_the_desk_asks_nothing(bench: Bench) -> None:
    case_id = start_waiting(bench)
    with pytest.raises(TaskNotClaimed):
        ask(bench, case_id)
    with pytest.raises(OfficerNeeded):
        ask(bench, case_id, CallContext("app-demo", TENANT, op_id="op", rule=RULES["request_supplement"]))


def test_an_applicant_who_is_asked_may_withdraw(bench: Bench) -> None:
    case_id = start_waiting(bench)
    claim(bench, case_id)
    ask(bench, case_id)
    bench.withdraw(case_id)
    bench.run()
    assert bench.case(case_id).state == states.WITHDRAWN
    with pytest.raises(SupplementNotAwaited):
        answer(bench, case_id)
