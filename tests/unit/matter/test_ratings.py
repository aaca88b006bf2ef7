"""好差评: once a case, after its decision; a bad rating is answered in time, or set aside after an appeal."""
from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from services.matter.cases.domain.errors import CaseNotFound
from services.matter.ratings.domain.errors import CaseAlreadyRated, CaseNotRatable, RatingNotFound, RatingNotOpen
from services.matter.ratings.usecases.answer_rating import (
    AnswerRating,
    DecideAppeal,
    ListRatings,
    answer_rating,
    appeal_rating,
    decide_appeal,
    list_ratings,
)
from services.matter.ratings.usecases.rate_case import RateCase, rate_case
from services.matter.ratings.usecases.views import RatedView, RatingView
from services.matter.tasks.domain.errors import OfficerNeeded, OwnCase
from services.matter.transaction import SqlMatterTransaction
from shared_components.kernel.calls import CallContext
from tests.acting import citizen
from tests.unit.matter.bench import APPLICANT, CONTEXT, NOW, TENANT, Bench
from tests.unit.matter.desk import at_desk, claim, decide, start_waiting
from tests.unit.matter.sql import SqlTransactions
from tests.unit.matter.town import RULES


@pytest.fixture
def bench(sql_transactions: SqlTransactions) -> Bench:
    return Bench(sql_transactions)


@pytest.fixture
def decided(bench: Bench) -> str:
    case_id = start_waiting(bench)
    claim(bench, case_id)
    decide(bench, case_id)
    return case_id


def begin(bench: Bench) -> AbstractContextManager[SqlMatterTransaction]:
    assert isinstance(bench.transactions, SqlTransactions)
    return bench.transactions.begin(TENANT)


def rate(bench: Bench, case_id: str, level: int = 1, context: CallContext = CONTEXT) -> RatedView:
    with begin(bench) as tx:
        return rate_case(tx, RateCase(case_id, level, {"guide": 3}, "窗口态度差"), context)


def listed(bench: Bench, context: CallContext | None = None, **given: Any) -> list[RatingView]:
    with begin(bench) as tx:
        return list(list_ratings(tx, ListRatings(**given), context or at_desk("list_ratings")).items)


def act(bench: Bench, do: Any, command: Any, context: CallContext | None = None) -> Any:
    with begin(bench) as tx:
        return do(tx, command, context or at_desk(do.__name__, "sub_o1", "manager"))


def test_a_bad_rating_waits_for_an_answer_within_five_working_days(bench: Bench, decided: str) -> None:
    rated = rate(bench, decided)
    assert (rated.state, rated.due_at) == ("to-answer", NOW.replace(hour=16) + timedelta(days=7))
    (seen,) = listed(bench, state="to-answer")
    assert (seen.comment, seen.scores, seen.overdue) == ("窗口态度差", {"guide": 3}, False)
    bench.clock.advance(timedelta(days=9))
    assert listed(bench)[0].overdue
    answered = act(bench, answer_rating, AnswerRating(rated.rating_id, "已致歉并整改"))
    assert answered.state == "answered"
    assert listed(bench, state="to-answer") == []
    assert listed(bench)[0].answer == "已致歉并整改"
    with pytest.raises(RatingNotOpen):
        act(bench, answer_rating, AnswerRating(rated.rating_id, "再答"))


def test_a_good_rating_asks_for_nothing(bench: Bench, decided: str) -> None:
    rated = rate(bench, decided, 5)
    assert (rated.state, rated.due_at) == ("rated", None)
    with pytest.raises(RatingNotOpen):
        act(bench, answer_rating, AnswerRating(rated.rating_id, "谢谢"))


def test_a_case_is_rated_once_and_after_its_decision(bench: Bench, decided: str) -> None:
    rate(bench, decided)
    with pytest.raises(CaseAlreadyRated):
        rate(bench, decided, 5)
    other = bench.submit()
    with pytest.raises(CaseNotRatable):
        rate(bench, other)


def test_nobody_else_rates_and_officers_of_other_departments_see_none(bench: Bench, decided: str) -> None:
    stranger = CallContext(
        "app-demo", TENANT, department=TENANT, acting=citizen("sub_2"), rule=RULES["rate_case"], op_id="op")
    with pytest.raises(CaseNotFound):
        rate(bench, decided, 5, stranger)
    own = stranger._replace(acting=citizen(APPLICANT))
    rated = rate(bench, decided, 1, own)
    elsewhere = at_desk("answer_rating", department="elsewhere")
    with pytest.raises(RatingNotFound):
        act(bench, answer_rating, AnswerRating(rated.rating_id, "x"), elsewhere._replace(tenant="elsewhere"))
    with pytest.raises(OfficerNeeded):
        listed(bench, CONTEXT)


def test_an_appeal_sets_a_rating_aside_or_is_dismissed_with_an_answer(bench: Bench, decided: str) -> None:
    rated = rate(bench, decided)
    with pytest.raises(RatingNotOpen):
        act(bench, decide_appeal, DecideAppeal(rated.rating_id, True, "未申诉"))
    assert act(bench, appeal_rating, AnswerRating(rated.rating_id, "与本事项无关")).state == "appealed"
    assert act(bench, decide_appeal, DecideAppeal(rated.rating_id, True, "申诉成立")).state == "rated"
    with begin(bench) as tx:
        kept = tx.ratings.lock(TENANT, rated.rating_id)
    assert kept is not None
    assert (kept.counts, kept.appeal, kept.answer) == (False, "与本事项无关", "申诉成立")


def test_an_officer_works_on_no_rating_of_the_own_application(bench: Bench, decided: str) -> None:
    rated = rate(bench, decided)
    for do in (answer_rating, appeal_rating):
        with pytest.raises(OwnCase):
            act(bench, do, AnswerRating(rated.rating_id, "x"), at_desk(do.__name__, APPLICANT))
    act(bench, appeal_rating, AnswerRating(rated.rating_id, "与本事项无关"))
    with pytest.raises(OwnCase):
        act(bench, decide_appeal, DecideAppeal(rated.rating_id, True, "x"),
            at_desk("decide_appeal", APPLICANT, "manager"))
    assert listed(bench)[0].state == "appealed"


def test_a_rating_is_told_by_an_event_without_its_words(bench: Bench, decided: str) -> None:
    rate(bench, decided)
    ((_, _, data),) = [event for event in bench.transactions.outbox if event[0] == "case-rated"]
    assert (data["level"], data["case_id"]) == (1, decided)
    assert "窗口态度差" not in repr(data)
