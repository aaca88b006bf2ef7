"""Working days: the shipped year against the State Council's notice, and what must hold for any calendar."""
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_components.configuration.calendars import missing_year, platform_calendar, shipped_calendar
from shared_components.kernel.working_days import CHINA, WorkingCalendar, YearNotLoaded, local_date

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=CHINA).astimezone(UTC)


def last_day(due: datetime) -> date:
    """The day at whose end something is due."""
    return local_date(due - timedelta(seconds=1))


def test_2026_has_as_many_working_days_as_the_notice_leaves() -> None:
    calendar = shipped_calendar()
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert sum(calendar.is_working_day(day) for day in days) == 248


@pytest.mark.parametrize(("start", "working_days", "expected"), [
    (date(2026, 2, 13), 1, date(2026, 2, 14)),
    (date(2026, 9, 18), 5, date(2026, 9, 24)),
    (date(2026, 9, 30), 1, date(2026, 10, 8)),
])
def test_limits_of_2026_keep_holidays_and_make_up_days(start: date, working_days: int, expected: date) -> None:
    assert last_day(shipped_calendar().due(at_noon(start), working_days)) == expected


def test_what_is_configured_wins_over_what_is_shipped() -> None:
    ordered_off, worked = date(2026, 2, 14), date(2026, 1, 2)
    calendar = shipped_calendar({ordered_off}, {worked})
    assert not calendar.is_working_day(ordered_off)
    assert calendar.is_working_day(worked)


@pytest.mark.parametrize(("today", "years", "warned"), [
    (date(2026, 9, 30), (), False), (date(2026, 10, 1), (), True), (date(2026, 12, 31), (2027,), False),
    (date(2027, 1, 1), (), True),
])
def test_from_october_on_the_status_warns_of_a_next_year_that_is_not_loaded(
    today: date, years: tuple[int, ...], warned: bool,
) -> None:
    assert bool(missing_year({}, years, today)) == warned
    assert bool(missing_year({"calendar": {"years": years}}, (), today)) == warned


@given(start=DAYS, working_days=st.integers(1, 60), holidays=st.frozensets(DAYS, max_size=30))
def test_a_limit_has_exactly_its_working_days(start: date, working_days: int, holidays: frozenset[date]) -> None:
    calendar = WorkingCalendar(holidays)
    end = last_day(calendar.due(at_noon(start), working_days))
    between = [start + timedelta(days=number) for number in range(1, (end - start).days + 1)]
    assert sum(calendar.is_working_day(day) for day in between) == working_days
    assert calendar.is_working_day(end)


@given(start=st.dates(date(2026, 1, 1), date(2026, 8, 31)), working_days=st.integers(1, 60))
def test_a_longer_limit_never_ends_earlier(start: date, working_days: int) -> None:
    calendar = shipped_calendar()
    assert calendar.due(at_noon(start), working_days) < calendar.due(at_noon(start), working_days + 1)


def test_one_calendar_serves_all_services_and_a_services_own_days_win() -> None:
    common = {"calendar": {"holidays": [date(2026, 3, 2)], "make_up_days": [date(2026, 3, 7)]}}
    none: dict[str, list[date]] = {"holidays": [], "make_up_days": []}
    shared = platform_calendar(common, none)
    assert (shared.is_working_day(date(2026, 3, 2)), shared.is_working_day(date(2026, 3, 7))) == (False, True)
    assert not shared.is_working_day(date(2026, 10, 1)), "the shipped years stay"
    own = platform_calendar(common, {"holidays": [date(2026, 3, 7)], "make_up_days": [date(2026, 3, 2)]})
    assert (own.is_working_day(date(2026, 3, 2)), own.is_working_day(date(2026, 3, 7))) == (True, False)
    assert not platform_calendar({}, none).is_working_day(date(2026, 10, 1))


def test_a_year_is_known_where_the_platform_or_the_service_gives_it() -> None:
    none: dict[str, list[date]] = {"holidays": [], "make_up_days": []}
    assert [platform_calendar({}, none).knows(year) for year in (2026, 2027)] == [True, False]
    assert platform_calendar({}, none, [2027]).knows(2027)
    assert platform_calendar({"calendar": {"years": [2027]}}, none).knows(2027)


def test_an_end_that_must_be_told_now_counts_an_unknown_year_by_its_weekends() -> None:
    with pytest.raises(YearNotLoaded):
        shipped_calendar().due(at_noon(date(2026, 12, 31)), 2)
    assert last_day(shipped_calendar().for_every_year().due(at_noon(date(2026, 12, 31)), 2)) == date(2027, 1, 4)
