"""What is short enough to be guessed is limited for each caller and object, and tells nothing of what there is."""
# ruff: noqa: F811
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from services.elicence.adapters.secrecy import KeyedSecrecy
from services.payment.domain.receipt_errors import TooManyGuesses
from services.payment.schemas import VerifyReceipt
from services.payment.usecases.receipts import forget_guesses, verify_receipt
from shared_components.kernel.clock import FixedClock
from shared_components.security import Secrets
from tests.unit.payment.conftest import channels, clock, migrated_file, recorded, sql_units, units  # noqa: F401
from tests.unit.payment.receipt_steps import CODE, put_range, receipts_of, was_paid
from tests.unit.payment.steps import make_paid_order
from tests.unit.payment.world import OTHER_TENANT, TENANT, call

NUMBER, UNKNOWN = "0000000001", "0000000009"


@pytest.fixture
def code(units: Any) -> str:
    """The check code of receipt 1."""
    put_range(units, 1, 8)
    was_paid(units, make_paid_order(units))
    return str(receipts_of(units)[0]["check_code"])


def verify(units: Any, code: str, number: str = NUMBER, **context: Any) -> bool:
    request = VerifyReceipt().load({"bill_code": CODE, "bill_number": number, "check_code": code})
    return bool(verify_receipt(units, call(request, **context))["genuine"])


def guess(units: Any, times: int, number: str = NUMBER, **context: Any) -> list[str]:
    """How each guess was answered."""
    answers = []
    for attempt in range(times):
        try:
            answers.append(str(verify(units, f"{attempt:012d}", number, **context)))
        except TooManyGuesses as error:
            answers.append(error.code)
    return answers


LIMITED = ["False"] * 10 + ["payment.too-many-guesses"] * 3


def test_guesses_end_and_then_even_the_right_code_has_to_wait(units: Any, code: str, clock: FixedClock) -> None:
    assert guess(units, 13) == LIMITED
    with pytest.raises(TooManyGuesses) as caught:
        verify(units, code)
    assert 0 < caught.value.details["retry_after_s"] <= 3600
    clock.advance(timedelta(hours=1))
    assert verify(units, code)


def test_a_number_that_was_never_given_is_answered_in_the_same_way(units: Any, code: str) -> None:
    assert guess(units, 13, UNKNOWN) == LIMITED


def test_one_caller_s_guesses_hold_up_nobody_else_and_no_other_receipt(units: Any, code: str) -> None:
    guess(units, 11, caller="app-bad")
    assert verify(units, code, caller="app-good")
    assert guess(units, 1, UNKNOWN, caller="app-bad") == ["False"]
    assert guess(units, 1, caller="app-bad", tenant=OTHER_TENANT) == ["False"]


def test_right_codes_are_never_counted_and_slips_are_forgiven(units: Any, code: str, clock: FixedClock) -> None:
    assert all(verify(units, code) for _ in range(30))
    for _ in range(3):
        assert guess(units, 9) == ["False"] * 9
        assert verify(units, code.upper())
        clock.advance(timedelta(hours=1))


def test_what_is_counted_is_forgotten_after_its_time(units: Any, code: str, clock: FixedClock) -> None:
    guess(units, 11)
    forget_guesses(units)
    with pytest.raises(TooManyGuesses):
        verify(units, code)
    clock.advance(timedelta(hours=1))
    forget_guesses(units)
    with units.begin(TENANT) as unit:
        assert unit.receipts.forget_guesses(clock.now() + timedelta(days=9)) == 0


def test_guesses_are_counted_across_a_restart(sql_units: Any) -> None:
    put_range(sql_units, 1, 1)
    assert guess(sql_units, 10) == ["False"] * 10
    again = type(sql_units)(
        sql_units.database, sql_units.clock, [], sql_units.channels, sql_units.keys)
    assert guess(again, 1) == ["payment.too-many-guesses"]


def test_guesses_side_by_side_are_all_counted(sql_units: Any) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = [each for part in pool.map(lambda _: guess(sql_units, 5), range(4)) for each in part]
    assert answers.count("False") <= 13, "no more than run at one time slip through"


def test_a_code_of_six_letters_that_is_printed_stays_good(units: Any, code: str) -> None:
    receipt_id = receipts_of(units)[0]["receipt_id"]
    with units.begin(TENANT) as unit:
        issued = unit.receipts.get(TENANT, receipt_id)
        unit.receipts.add([replace(
            issued, receipt_id="rcp_old", order_id="pay_old", bill_number=8, check_code="a1b2c3", payer_name="某")])
    assert verify(units, "A1B2C3", "0000000008")
    assert not verify(units, "a1b2c4", "0000000008")


def test_new_codes_have_sixty_bits(code: str) -> None:
    assert len(code) == 12


@pytest.mark.parametrize("code", ["", "12345", "x" * 21, "密密密密密密", "123 456", "\0" * 6])
def test_what_is_no_code_is_refused_at_the_door(code: str) -> None:
    with pytest.raises(ValidationError):
        VerifyReceipt().load({"bill_code": CODE, "bill_number": NUMBER, "check_code": code})


def test_a_presentation_code_needs_no_limit(tmp_path: Path) -> None:
    """120 bits for five minutes: eighty of them are still to be guessed by who knows the first forty."""
    assert len(KeyedSecrecy(Secrets.for_development(tmp_path)).new_code()) == 24
