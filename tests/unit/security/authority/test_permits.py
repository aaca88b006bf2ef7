"""The decision: against its model, and each way in against each way it can be missing (S21, for the ways built)."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from shared_components.kernel.acting import Acting, Mandate
from shared_components.kernel.errors import AppError, Forbidden, NotFound
from shared_components.security.authority import Permit, permit
from shared_components.security.authority.errors import AgreementsNotServed, GrantsNotServed, RowHidden
from tests.unit.security.authority import model
from tests.unit.security.authority.model import Question
from tests.unit.security.authority.questions import GOOD, POLICE, ROW, TAX, questions, rule


def asked(question: Question) -> Permit | AppError:
    try:
        return permit(question.context, question.rule, question.facts, question.copies)
    except AppError as error:
        return error


@settings(max_examples=1500, deadline=None)
@given(questions)
def test_the_decision_is_that_of_the_model(question: Question) -> None:
    answer, ways = asked(question), model.allowed(question)
    if not ways:
        assert isinstance(answer, AppError)
        return
    assert isinstance(answer, Permit)
    assert answer.basis in {way.partition(",")[0] for way in ways}
    assert (answer.fields is None) == (ways != {"own, made elsewhere"})


def test_questions_open_each_way() -> None:
    for name, question in GOOD.items():
        answer = asked(question)
        assert isinstance(answer, Permit) and answer.basis == name.partition(",")[0], name


def _acting(question: Question, **changes: Any) -> Question:
    acting = question.context.acting
    assert acting is not None
    return replace(question, context=question.context._replace(acting=acting._replace(**changes)))


def _context(question: Question, **changes: Any) -> Question:
    return replace(question, context=question.context._replace(**changes))


def _facts(question: Question, **changes: Any) -> Question:
    return replace(question, facts=question.facts._replace(**changes))


def _mandate(question: Question, **changes: Any) -> Question:
    acting = question.context.acting
    assert acting is not None and acting.mandate is not None
    return _acting(question, mandate=acting.mandate._replace(**changes))


def _without(name: str, question: Question) -> Iterator[tuple[str, Question]]:
    """Yield the question with one condition of its way missing."""
    basis = name.partition(",")[0]
    others = {"own", "holder", "grant", "agreement", "platform", "outside"} - {basis}
    yield "the method has another basis", replace(
        question, rule=replace(question.rule, basis=frozenset(others if basis != "own" else others - {"holder"})))
    acting = question.context.acting
    if acting is not None:
        yield "session ended", replace(question, copies=replace(
            question.copies, ended_sessions=frozenset({acting.session})))
        yield "what the session gave the app has ended", replace(
            _acting(question, grant="grt_1"), copies=replace(question.copies, ended_sessions=frozenset({"grt_1"})))
        yield "the app is closed", replace(question, copies=replace(
            question.copies, closed_apps=frozenset({question.context.caller})))
        yield "level too low", _acting(question, level=question.rule.level - 1)
    if basis == "public":
        return
    if acting is not None and acting.kind == "citizen":
        yield "another holder", _facts(question, subjects={"holder": "sub_3"})
        yield "a role that the method does not allow", _facts(question, subjects={"payer": acting.holder})
        yield "no scope", _acting(question, scopes=frozenset())
        yield "the scope of another resource", _acting(question, scopes=frozenset({"order"}))
        yield "the scope of another type", _acting(question, scopes=frozenset({"licence:food"}))
        yield "an officer's session", _acting(question, kind="officer", roles=frozenset(), department="police")
        yield "a principal without a mandate", _acting(question, principal="sub_1", mandate=None)
        yield "a mandate without a principal", _acting(question, mandate=Mandate("man_1"), principal=None)
    if name == "holder, by a mandate":
        yield "mandate ended", replace(question, copies=replace(question.copies, live_mandates=frozenset()))
        yield "mandate for another resource", _mandate(question, scopes=frozenset({"order"}))
        yield "mandate for another matter", _mandate(question, matters=frozenset({"other"}))
        yield "mandate for less", _mandate(question, limit_minor=49)
        yield "mandate of another principal", _acting(question, principal="sub_3")
    if name == "holder":
        yield "no consent", replace(question, copies=replace(question.copies, consented=frozenset()))
        for other in (("sub_2", "app-tax", "licence"), ("sub_1", "app-police", "licence"),
                      ("sub_1", "app-tax", "order")):
            yield f"the consent {other}", replace(question, copies=replace(
                question.copies, consented=frozenset({other})))
        yield "another app", _context(question, caller="app-other")
    if name == "holder, by a portal":
        yield "an app that is no portal", replace(question, copies=replace(question.copies, portals=frozenset()))
        yield "nobody acts", _context(question, acting=None)
    if name == "own, with an officer":
        yield "membership ended", replace(question, copies=replace(
            question.copies, left=frozenset({("sub_9", "police")})))
        yield "no role", _acting(question, roles=frozenset())
        yield "another role", _acting(question, roles=frozenset({"auditor"}))
        yield "another department", _acting(question, department="tax")
        yield "the app of another department", _context(question, caller="app-tax", department="tax", tenant="tax")
    if name in ("own, app alone", "own, with a citizen"):
        yield "the row is of another department", _facts(question, tenant="tax", made_by=None)
        yield "the row is of another app", _facts(question, made_by="app-other")
    if name == "own, made elsewhere":
        yield "another app made it", _facts(question, made_by="app-other")
        yield "a department keeps it", _facts(question, made_by=None)
    if name == "platform":
        yield "another tenant", _facts(question, tenant="tax", made_by=None)
        yield "an app calls", _context(question, caller="app-tax")
    if name == "outside":
        yield "the key of another system", _context(question, caller="outside-school")
        yield "no key is registered", _facts(question, registered_for=None)


MISSING = [
    pytest.param(question, id=f"{name}: {what}")
    for name, good in GOOD.items() for what, question in _without(name, good)
]


@pytest.mark.parametrize("question", MISSING)
def test_a_way_with_one_condition_missing_is_closed(question: Question) -> None:
    assert isinstance(asked(question), AppError)
    assert model.allowed(question) == set()


def test_a_row_that_is_not_the_callers_looks_like_none() -> None:
    with pytest.raises(RowHidden) as caught:
        permit(TAX, rule("own", "holder"), ROW)
    assert (caught.value.details, caught.value.message) == ({}, "There is no such thing.")


def test_a_department_that_held_a_grant_is_told_that_grants_are_not_served() -> None:
    question = Question(TAX, rule("own", "grant"), ROW, replace(
        GOOD["holder"].copies, grants=frozenset({("tax", "police", "licence")})))
    assert isinstance(asked(question), GrantsNotServed)
    stranger = replace(question, context=TAX._replace(department="health", tenant="health", caller="app-health"))
    assert isinstance(asked(stranger), NotFound)


def test_work_under_an_agreement_is_told_that_agreements_are_not_served() -> None:
    context = POLICE._replace(caller="matter", department=None, tenant="tax", purpose="case_1")
    question = Question(context, rule("agreement"), ROW, replace(
        GOOD["holder"].copies, agreements=frozenset({("police", "case_1")})))
    assert isinstance(asked(question), AgreementsNotServed)
    assert isinstance(asked(_context(question, purpose="case_2")), NotFound)


def test_a_refusal_before_any_row_says_what_is_allowed() -> None:
    context = POLICE._replace(acting=Acting("sub_1", "ses_1", level=1, scopes=frozenset({"licence"})))
    with pytest.raises(Forbidden, match="has level 1; 3 or more is allowed"):
        permit(context, rule("own", level=3), ROW)


def test_a_consent_to_the_type_of_the_row_is_enough_and_one_to_another_type_is_not() -> None:
    question = GOOD["holder"]
    for resource, allowed in (("licence:driving", True), ("licence:other", False), ("licence", True)):
        copies = replace(question.copies, consented=frozenset({("sub_1", "app-tax", resource)}))
        try:
            found = permit(question.context, question.rule, question.facts, copies)
        except RowHidden:
            assert not allowed, resource
        else:
            assert allowed and found.basis == "holder", resource
