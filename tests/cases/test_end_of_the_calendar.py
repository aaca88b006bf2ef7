"""A day past the year 9999 is 长期 or a typed refusal, wherever days are computed."""
from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from services.elicence.domain.licence_type import LicenceType
from services.matter.kinds.check.run import RuleBroken, _check_licence
from services.matter.kinds.licence_rules import PERMANENT, next_validity, renewal_window
from services.payment.fees.schemas import PutFeeItem
from services.payment.reconciliation.domain.errors import StatementDayInvalid
from services.payment.reconciliation.domain.statement import check_day, day_begins
from shared_components.bus.server.schema_instances import load_all
from shared_components.kernel.dates import days_later, parse_time, years_later

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
LADDER = (6, 10, PERMANENT)
ANY_DAY = st.dates()


def licence_type(*years: int | None) -> LicenceType:
    return LicenceType(
        tenant="default", type_code="1" * 21, name="驾驶证", issuer_code="1" * 18, issuer_name="测试局",
        validity_years=years)


@pytest.mark.parametrize(("valid_from", "years"), [
    (date(9994, 1, 1), 6), (date(9999, 12, 31), 1), (date(9800, 1, 1), 200), (date(9996, 2, 29), 4)])
def test_a_licence_whose_term_ends_after_the_calendar_is_permanent(valid_from: date, years: int) -> None:
    assert licence_type(years).valid_until(valid_from, 1) is None


def test_a_term_within_the_calendar_is_counted_as_before() -> None:
    assert licence_type(6).valid_until(date(9993, 12, 31), 1) == date(9999, 12, 31)
    assert years_later(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert years_later(date(2024, 2, 29), 4) == date(2028, 2, 29)


@given(ANY_DAY, st.integers(0, 300))
def test_no_day_and_no_term_overflow(day: date, years: int) -> None:
    later = years_later(day, years)
    assert later is None or later >= day
    assert (later is None) == (day.year + years > 9999)
    assert date.min <= days_later(day, -3650) <= day <= days_later(day, 10_000_000)


@given(ANY_DAY, st.integers(0, 3650), st.integers(0, 10))
def test_every_licence_has_a_window(valid_until: date, before: int, after: int) -> None:
    first, last = renewal_window(valid_until, opens_days_before=before, closes_years_after=after)
    assert first <= valid_until <= last


@given(ANY_DAY, ANY_DAY, ANY_DAY)
def test_every_licence_has_a_next_validity(one: date, other: date, issued_on: date) -> None:
    valid_from, valid_until = sorted((one, other))
    begins, ends = next_validity(valid_from, valid_until, issued_on=issued_on, ladder=(6, 10, 100))
    assert begins == issued_on
    assert ends is None or ends >= issued_on


def work(valid_until: str | None) -> Any:
    held = [{"licence_id": "lic_1", "state": "active", "valid_from": "2020-01-01", "valid_until": valid_until}]
    return SimpleNamespace(
        components=SimpleNamespace(licences=SimpleNamespace(of_holder=lambda *_: held)),
        case=SimpleNamespace(applicant_subject="sub_1"), begun_at=NOW)


RULE = {"type_code": "1" * 21, "states": ["active"], "opens_days_before": 90, "closes_years_after": 3}


@pytest.mark.parametrize("valid_until", ["9999-12-31", None])
def test_a_renewal_of_a_licence_until_the_last_day_is_refused_as_permanent(valid_until: str | None) -> None:
    with pytest.raises(RuleBroken) as broken:
        _check_licence(work(valid_until), RULE)
    assert broken.value.code == "matter.licence-permanent"


@pytest.mark.parametrize("valid_until", ["9999-12-30", "9997-01-01", "0001-01-01"])
def test_a_renewal_far_from_today_is_refused_as_outside_its_window(valid_until: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        _check_licence(work(valid_until), RULE)
    assert broken.value.code == "matter.outside-window"


@pytest.mark.parametrize("day", [date.min, date(1999, 12, 31), date(2026, 11, 30), date.max])
def test_a_statement_is_of_a_day_that_was(day: date) -> None:
    with pytest.raises(StatementDayInvalid, match="only days from 2000-01-01 to 2026-11-29"):
        check_day(day, now=NOW)


def test_the_first_day_that_has_a_statement_begins() -> None:
    assert day_begins(date(2000, 1, 1)) == datetime(1999, 12, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize("text", [
    "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-01:00", "9999-12-31T23:59:59Z", "9999-12-31T16:00:00Z"])
def test_a_time_exists_in_utc_and_in_china(text: str) -> None:
    """Business days are counted in China: there, the last hours in UTC are of the year 10000."""
    with pytest.raises(ValueError, match="outside the years"):
        parse_time(text)
    with pytest.raises(ValidationError) as refused:
        load_all(PutFeeItem, [{"valid_from": text}])
    assert "valid_from" in refused.value.normalized_messages()[0]
    assert parse_time("9999-12-31T23:59:59+08:00").year == 9999
