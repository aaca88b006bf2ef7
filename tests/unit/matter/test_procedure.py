"""The procedure by law: received, accepted, examined, decided, delivered; its limits, and the clock that stops."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matter.cases.domain import procedure as law
from services.matter.cases.domain import states
from services.matter.cases.domain.engine_settings import EngineSettings
from services.matter.cases.domain.procedure import Procedure
from services.matter.cases.usecases.keep_time import keep_time
from services.matter.cases.usecases.own_case import OneCase
from services.matter.definitions.domain.errors import DefinitionInvalid
from services.matter.definitions.domain.limits import DAYS, MONTHS, WORKING_DAYS, Limit
from services.matter.publishing.adapters.definition_reader import read_definition
from services.matter.tasks.domain.errors import (
    CaseNotAccepted,
    CaseNotReceived,
    ClockNotStopped,
    ClockStopped,
    LimitsNotExtendable,
    OwnCase,
    ReasonMissing,
    SupplementTooLate,
)
from services.matter.tasks.usecases.decide_acceptance import DecideAcceptance, decide_acceptance
from services.matter.tasks.usecases.steer_limits import ExtendCase, StopClock, extend_case, restart_clock, stop_clock
from shared_components.configuration.calendars import shipped_calendar
from shared_components.kernel.working_days import WorkingCalendar, YearNotLoaded, local_date
from tests.cases.definitions import a_definition, as_yaml
from tests.unit.matter.bench import APPLICANT, NOW, TENANT, Bench
from tests.unit.matter.desk import at_desk, claim, decide, start_waiting
from tests.unit.matter.test_supplement import answer, ask, seen

DAYS_OF_2025 = st.dates(date(2025, 1, 1), date(2025, 10, 31))


def acceptance(bench: Bench, case_id: str, decision: str = "accept", **given: Any) -> None:
    with bench.transactions.begin(TENANT) as tx:
        decide_acceptance(tx, DecideAcceptance(case_id, "review", decision, **given), at_desk("decide_acceptance"))
    bench.run()


def accepted(bench: Bench, *, limit: int | None = None) -> str:
    case_id = start_waiting(bench, limit=limit)
    claim(bench, case_id)
    acceptance(bench, case_id)
    return case_id


def extend(bench: Bench, case_id: str) -> None:
    with bench.transactions.begin(TENANT) as tx:
        extend_case(tx, ExtendCase(case_id, "案情复杂"), at_desk("extend_case", "sub_o2", "approver"))


def stop(bench: Bench, case_id: str, cause: str = "hearing") -> None:
    with bench.transactions.begin(TENANT) as tx:
        stop_clock(tx, StopClock(case_id, cause, 20), at_desk("stop_clock"))


def restart(bench: Bench, case_id: str) -> None:
    with bench.transactions.begin(TENANT) as tx:
        restart_clock(tx, OneCase(case_id), at_desk("restart_clock"))


def pass_time(bench: Bench, **later: float) -> None:
    bench.clock.advance(timedelta(**later))
    keep_time(bench.transactions)


def of(bench: Bench, case_id: str) -> Procedure:
    found = Procedure.of(bench.case(case_id))
    assert found is not None
    return found


def last_day(bench: Bench, case_id: str) -> date:
    due = seen(bench, case_id).procedure.legal_due_at
    return local_date(due - timedelta(seconds=1))


def test_a_case_is_received_accepted_examined_granted_and_delivered(bench: Bench) -> None:
    case_id = start_waiting(bench)
    assert seen(bench, case_id).stage == law.RECEIVED
    claim(bench, case_id)
    acceptance(bench, case_id)
    view = seen(bench, case_id)
    assert (view.stage, view.stage_label) == (law.ACCEPTED, "已受理")
    assert last_day(bench, case_id) == date(2025, 6, 30), "20 working days after Monday, 2 June"
    decide(bench, case_id)
    view = seen(bench, case_id)
    assert (view.stage, view.state) == (law.DELIVERED, states.COMPLETED)
    assert None not in (view.procedure.examined_at, view.procedure.decided_at, view.procedure.ended_at)
    assert view.procedure.legal_due_at is None, "no limit runs after the decision"
    assert bench.events() == ["case-submitted", "case-accepted", "case-decided", "case-completed"]
    assert [line.entry for line in view.timeline] == [
        "submitted", "with-officers", "accepted", "step-completed", "granted", "step-completed", "completed"]


def test_an_application_that_is_not_accepted_has_its_reason_and_remedies(bench: Bench) -> None:
    case_id = start_waiting(bench)
    claim(bench, case_id)
    with pytest.raises(ReasonMissing):
        acceptance(bench, case_id, "decline")
    acceptance(bench, case_id, "decline", reason="不属于本部门职权范围")
    view = seen(bench, case_id)
    assert (view.stage, view.state) == (law.NOT_ACCEPTED, states.REFUSED)
    assert view.outcome["zh"] == "不属于本部门职权范围"
    assert len(view.outcome["remedies"]) == 2
    assert view.procedure.accepted_at is None
    with pytest.raises(Exception, match="review"):
        acceptance(bench, case_id)


def test_a_refusal_by_an_officer_is_a_decision_on_an_accepted_application(bench: Bench) -> None:
    case_id = start_waiting(bench)
    claim(bench, case_id)
    decide(bench, case_id, decision="refuse", reason="不符合条件")
    view = seen(bench, case_id)
    assert (view.stage, view.procedure.accepted_at is not None) == (law.REFUSED, True)
    assert "case-accepted" in bench.events()


def test_a_check_that_fails_before_any_acceptance_is_no_acceptance() -> None:
    bench = Bench()
    bench.world.licences.clear()
    case_id = bench.submit()
    bench.run()
    assert bench.case(case_id).stage == law.NOT_ACCEPTED


def test_matter_d_is_accepted_by_its_check_and_granted_with_the_licence(bench: Bench) -> None:
    case_id = bench.submit()
    bench.run()
    assert bench.case(case_id).stage == law.ACCEPTED
    bench.hospital(case_id)
    assert bench.case(case_id).stage == law.EXAMINED
    bench.pay(case_id)
    assert bench.case(case_id).stage == law.DELIVERED


def test_a_withdrawn_case_has_ended_by_law_while_the_money_comes_back(bench: Bench) -> None:
    case_id = bench.submit()
    bench.run()
    bench.withdraw_only(case_id)
    assert bench.case(case_id).stage == law.WITHDRAWN


@pytest.mark.parametrize(("days", "stage"), [(6, law.RECEIVED), (8, law.ACCEPTED)])
def test_it_counts_as_accepted_when_nobody_told_of_a_supplement_in_five_working_days(
    bench: Bench, days: int, stage: str,
) -> None:
    case_id = start_waiting(bench)
    pass_time(bench, days=days)
    assert bench.case(case_id).stage == stage
    if stage == law.ACCEPTED:
        assert of(bench, case_id).deemed
        assert of(bench, case_id).accepted_at == NOW.isoformat(), "as of the day of receipt"
        claim(bench, case_id)
        with pytest.raises(SupplementTooLate):
            ask(bench, case_id)


def test_an_officer_after_the_five_days_finds_it_accepted_as_of_the_receipt_though_no_schedule_ran(
    bench: Bench,
) -> None:
    case_id = start_waiting(bench)
    claim(bench, case_id)
    bench.clock.advance(timedelta(days=8))
    with pytest.raises(CaseNotReceived, match="counts as accepted"):
        acceptance(bench, case_id, "decline", reason="不属于本部门职权范围")
    acceptance(bench, case_id)
    procedure = of(bench, case_id)
    assert (procedure.deemed, procedure.accepted_at) == (True, procedure.received_at)
    assert last_day(bench, case_id) == date(2025, 6, 30), "20 working days after the receipt"


def test_an_answered_supplement_is_accepted_and_an_accepted_case_is_asked_for_none(bench: Bench) -> None:
    case_id = start_waiting(bench)
    claim(bench, case_id)
    ask(bench, case_id)
    assert bench.case(case_id).stage == law.SUPPLEMENT
    pass_time(bench, days=9)
    assert bench.case(case_id).stage == law.SUPPLEMENT, "it was told in time"
    answer(bench, case_id)
    assert bench.case(case_id).stage == law.ACCEPTED
    with pytest.raises(CaseNotReceived):
        acceptance(bench, case_id)
    other = Bench()
    second = accepted(other)
    with pytest.raises(SupplementTooLate):
        ask(other, second)


def test_a_limit_is_extended_once_with_a_reason_that_the_applicant_reads(bench: Bench) -> None:
    case_id = start_waiting(bench)
    with pytest.raises(CaseNotAccepted):
        extend(bench, case_id)
    claim(bench, case_id)
    acceptance(bench, case_id)
    extend(bench, case_id)
    assert last_day(bench, case_id) == date(2025, 7, 14), "30 working days"
    view = seen(bench, case_id)
    assert view.procedure.extension.reason == "案情复杂"
    assert "案情复杂" in view.timeline[-1].text
    assert "sub_o2" not in repr(view)
    assert "case-extended" in bench.events()
    with pytest.raises(LimitsNotExtendable):
        extend(bench, case_id)


def test_a_hearing_stops_the_clock_and_its_days_do_not_count(bench: Bench) -> None:
    case_id = accepted(bench, limit=10)
    step_due = bench.case(case_id).step("review").limit_at
    with pytest.raises(ClockNotStopped):
        restart(bench, case_id)
    stop(bench, case_id)
    view = seen(bench, case_id)
    assert (view.procedure.stopped, view.procedure.legal_due_at) == (True, None)
    assert "听证" in view.timeline[-1].text
    with pytest.raises(ClockStopped):
        stop(bench, case_id, "inspection")
    pass_time(bench, days=60)
    assert not seen(bench, case_id).overdue
    restart(bench, case_id)
    assert last_day(bench, case_id) == date(2025, 8, 29), "60 days hold 44 working days"
    due = bench.case(case_id).step("review").limit_at
    assert step_due is not None
    assert due == step_due + timedelta(days=60)


def test_limits_are_warned_of_once_and_missed_ones_are_told(bench: Bench) -> None:
    case_id = accepted(bench)
    pass_time(bench, days=20)
    assert bench.events().count("case-due-soon") == 0
    pass_time(bench, days=5)
    pass_time(bench, hours=1)
    assert bench.events().count("case-due-soon") == 2, "of the promise and of the law"
    assert not seen(bench, case_id).overdue
    pass_time(bench, days=10)
    pass_time(bench, days=10)
    assert bench.events().count("case-overdue") == 2
    assert seen(bench, case_id).overdue
    assert {"promise-missed", "limit-missed"} <= {line.entry for line in seen(bench, case_id).timeline}
    assert bench.case(case_id).look_at is None


def test_nothing_is_steered_by_the_applicant_in_person(bench: Bench) -> None:
    case_id = accepted(bench)
    with pytest.raises(OwnCase), bench.transactions.begin(TENANT) as tx:
        stop_clock(tx, StopClock(case_id, "hearing", 5), at_desk("stop_clock", APPLICANT))


def with_calendar(bench: Bench, calendar: WorkingCalendar) -> None:
    old: EngineSettings = bench.transactions.engine
    bench.transactions.engine = EngineSettings(old.rules, calendar, old.retry)


def test_limits_in_a_year_that_is_not_loaded_wait_for_it_and_starting_never_fails(bench: Bench) -> None:
    bench.clock.advance(datetime(2026, 12, 21, 1, tzinfo=UTC) - NOW)
    with_calendar(bench, shipped_calendar())
    case_id = accepted(bench, limit=30)
    view = seen(bench, case_id)
    assert (view.procedure.legal_due_at, view.procedure.pending_year) == (None, 2027)
    assert bench.case(case_id).step("review").limit_at is None
    pass_time(bench, days=1)
    assert seen(bench, case_id).procedure.pending_year == 2027
    with_calendar(bench, shipped_calendar({date(2027, 1, 1)}, years={2027}))
    pass_time(bench, seconds=30)
    assert last_day(bench, case_id) == date(2027, 1, 19)
    assert bench.case(case_id).pending_year is None
    due = bench.case(case_id).step("review").limit_at
    assert due is not None
    assert local_date(due - timedelta(seconds=1)) == date(2027, 2, 2)


def test_a_case_of_before_has_no_procedure_and_goes_on(bench: Bench) -> None:
    case_id = start_waiting(bench)
    with bench.transactions.begin(TENANT) as tx:
        case = tx.cases.lock_for_work(TENANT, case_id)
        case.handling, case.stage, case.look_at = {}, None, None
        tx.cases.save(case)
    claim(bench, case_id)
    ask(bench, case_id)
    answer(bench, case_id)
    decide(bench, case_id)
    view = seen(bench, case_id)
    assert (view.state, view.stage, view.procedure) == (states.COMPLETED, None, None)


@given(
    start=DAYS_OF_2025, amount=st.integers(1, 60), lost=st.integers(0, 40),
    unit=st.sampled_from((WORKING_DAYS, DAYS)))
def test_time_that_does_not_count_is_added_exactly(start: date, amount: int, lost: int, unit: str) -> None:
    calendar, limit = WorkingCalendar(), Limit(amount, unit)
    begun = datetime(start.year, start.month, start.day, 4, tzinfo=UTC)
    ended = begun + timedelta(days=lost)
    plain, later = limit.due(begun, calendar), limit.due(begun, calendar, stopped=[(begun, ended)])
    between = calendar.working_days_between if unit == WORKING_DAYS else lambda first, last: (last - first).days
    day, after = local_date(plain - timedelta(seconds=1)), local_date(later - timedelta(seconds=1))
    assert between(day, after) == between(start, start + timedelta(days=lost))


@pytest.mark.parametrize(("start", "months", "expected"), [
    (date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2026, 1, 15), 12, date(2027, 1, 15)),
    (date(2024, 1, 31), 1, date(2024, 2, 29)), (date(2026, 12, 1), 1, date(2027, 1, 1)),
])
def test_months_end_on_the_same_day_or_the_month_s_last(start: date, months: int, expected: date) -> None:
    begun = datetime(start.year, start.month, start.day, 4, tzinfo=UTC)
    assert local_date(Limit(months, MONTHS).due(begun, WorkingCalendar()) - timedelta(seconds=1)) == expected


def test_a_calendar_does_not_guess_the_days_of_a_year_that_was_not_announced() -> None:
    with pytest.raises(YearNotLoaded, match="2027"):
        shipped_calendar().due(datetime(2026, 12, 30, tzinfo=UTC), 5)


@pytest.mark.parametrize(("procedure", "told"), [
    ({"accepted_by": "chek"}, "unknown step 'chek'"),
    ({"promised_limit": {"working_days": 30}}, "longer than the legal one"),
    ({"legal_limit": {"working_days": 5, "days": 5}}, "procedure.legal_limit"),
    ({"legal_limit": {"weeks": 5}}, "weeks"),
])
def test_a_mistake_in_the_procedure_is_told_with_its_place(procedure: Mapping[str, Any], told: str) -> None:
    with pytest.raises(DefinitionInvalid) as raised:
        read_definition(as_yaml(a_definition(procedure=procedure)))
    assert any(told in f"{one['path']} {one['message']}" for one in raised.value.details["problems"])


def test_the_law_s_limits_hold_where_the_definition_says_nothing() -> None:
    read_definition(as_yaml(a_definition(procedure={
        "joint": True, "promised_limit": {"working_days": 45}, "legal_limit": {"months": 3}, "calendar": "lhasa"})))
