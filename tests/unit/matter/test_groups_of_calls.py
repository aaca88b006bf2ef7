"""Calls that come together are done in one transaction, and each gets its own outcome."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from services.matter.cases.domain.errors import CaseAlreadyOpen, CaseNotEditable, CaseNotFound
from services.matter.cases.usecases.start_case import StartCase, start_cases
from services.matter.cases.usecases.submit_case import SubmitCase, submit_cases
from services.matter.cases.usecases.views import CaseSummaryView
from services.matter.definitions.domain.errors import FormInvalid, MatterNotFound
from services.matter.kinds.callback.errors import CallbackReused, StepNotWaiting
from services.matter.kinds.callback.receive import Answer, receive_callbacks
from services.matter.kinds.callback.signed import SignedCallback
from shared_components.kernel.calls import Call
from tests.unit.matter.bench import APPLICANT, CONTEXT, MATTER, TENANT, Bench
from tests.unit.matter.sql import SqlTransactions
from tests.unit.matter.test_statements import counted


def test_drafts_of_a_group_are_begun_together_and_bad_ones_alone_are_refused(bench: Bench) -> None:
    other = bench.another_applicant()
    outcomes = start(bench, [
        StartCase(MATTER, APPLICANT, bench.form()), StartCase("no-such-matter", APPLICANT),
        StartCase(MATTER, other, {"photo": 7}), StartCase(MATTER, other, bench.form())])
    assert [kind(one) for one in outcomes] == [CaseSummaryView, MatterNotFound, FormInvalid, CaseSummaryView]
    assert bench.case(case_id(outcomes[3])).applicant_subject == other


def test_of_two_submissions_for_one_applicant_in_a_group_the_first_takes_the_place(bench: Bench) -> None:
    first, second = (bench.start() for _ in range(2))
    outcomes = submit(bench, [first, second, first, "case_unknown"])
    assert [kind(one) for one in outcomes] == [CaseSummaryView, CaseAlreadyOpen, CaseNotEditable, CaseNotFound]
    assert [bench.case(one).state for one in (first, second)] == ["running", "draft"]
    assert outcomes[1].details["case_ids"] == [first]
    bench.run_in_groups()
    assert bench.state(first, "check") == "completed"


def test_callbacks_of_a_group_are_taken_once_each(bench: Bench) -> None:
    ids = [bench.submit(), bench.submit(bench.another_applicant())]
    bench.run_in_groups()
    answers = [answer(ids[0]), answer(ids[0]), answer(ids[0], digest="other"), answer(ids[0], callback_id="m-2"),
               answer(ids[1]), answer("case_unknown")]
    with bench.transactions.begin(TENANT) as tx:
        outcomes = receive_callbacks(tx, answers)
    assert [getattr(one, "state", type(one)) for one in outcomes] == [
        "completed", "completed", CallbackReused, StepNotWaiting, CallbackReused, CaseNotFound]
    bench.call_back(ids[1], callback_id="m-3")
    with pytest.raises(CallbackReused):
        bench.call_back(ids[0], callback_id="m-1", digest="again")
    assert [bench.state(one, "medical") for one in ids] == ["completed", "completed"]


def test_statements_of_a_group_are_those_of_a_call_and_what_sqlite_writes_row_by_row(
    sql_transactions: SqlTransactions,
) -> None:
    bench = Bench(sql_transactions)
    applicants = [bench.another_applicant() for _ in range(9)]
    seen = []
    for group in (applicants[:1], applicants[1:]):
        with counted(sql_transactions) as calls:
            started = start(bench, [StartCase(MATTER, one, bench.form()) for one in group])
            submit(bench, [case_id(one) for one in started])
        seen.append(calls)
    assert seen[0].transactions == seen[1].transactions == 2
    assert seen[1].statements - seen[0].statements <= 7 * 3


def start(bench: Bench, commands: list[StartCase]) -> list[Any]:
    with bench.transactions.begin(TENANT) as tx:
        return start_cases(tx, [Call(command, CONTEXT) for command in commands])


def submit(bench: Bench, ids: list[str]) -> list[Any]:
    with bench.transactions.begin(TENANT) as tx:
        return submit_cases(tx, [Call(SubmitCase(one), CONTEXT) for one in ids])


def answer(case: str, *, callback_id: str = "m-1", digest: str = "d") -> Answer:
    result: Mapping[str, Any] = {"passed": True, "certificate_number": "TJ1", "examined_on": "2025-06-01"}
    content = {"callback_id": callback_id, "case_id": case, "step": "medical", "result": result}
    return Answer(TENANT, case, "medical", SignedCallback("k1", "hospital", content, digest + case))


def kind(outcome: Any) -> type[Any]:
    return type(outcome)


def case_id(outcome: Any) -> str:
    assert isinstance(outcome, CaseSummaryView), outcome
    return outcome.case_id
