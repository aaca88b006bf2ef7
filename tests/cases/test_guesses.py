"""Codes that are short enough to be guessed are limited for each caller and object, and reveal nothing."""
# ruff: noqa: F811
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from services.elicence.adapters.presentation_codes import KeyedPresentationCodes
from services.payment.receipts.domain.errors import TooManyGuesses
from services.payment.receipts.schemas import VerifyReceipt
from services.payment.receipts.usecases.verify_receipt import forget_guesses, verify_receipt
from shared_components.kernel.calls import CallContext
from shared_components.kernel.clock import FixedClock
from shared_components.runtime.discovery import contract_of
from shared_components.security import Secrets
from tests.outcomes import one
from tests.unit.payment.conftest import channels, clock, migrated_file, recorded, sql_transactions, transactions  # noqa: F401
from tests.unit.payment.receipts.steps import CODE, put_range, receipts_of, was_paid
from tests.unit.payment.steps import make_paid_order
from tests.unit.payment.world import OTHER_TENANT, TENANT, call

NUMBER, UNKNOWN = "0000000001", "0000000009"


@pytest.fixture
def code(transactions: Any) -> str:
    """The check code of receipt 1."""
    put_range(transactions, 1, 8)
    was_paid(transactions, make_paid_order(transactions))
    return str(receipts_of(transactions)[0]["check_code"])

PUBLIC_RULE = contract_of("payment").methods["verify_receipt"].rule


def verify(transactions: Any, code: str, number: str = NUMBER, **context: Any) -> bool:
    request = VerifyReceipt().load({"bill_code": CODE, "bill_number": number, "check_code": code})
    request, caller = call(request, **context)
    return bool(verify_receipt(transactions, request, caller._replace(rule=PUBLIC_RULE))["genuine"])


def guess(transactions: Any, times: int, number: str = NUMBER, **context: Any) -> list[str]:
    """How each guess was answered."""
    answers = []
    for attempt in range(times):
        try:
            answers.append(str(verify(transactions, f"{attempt:012d}", number, **context)))
        except TooManyGuesses as error:
            answers.append(error.code)
    return answers


LIMITED = ["False"] * 10 + ["payment.too-many-guesses"] * 3


def test_guesses_end_and_then_even_the_right_code_has_to_wait(transactions: Any, code: str, clock: FixedClock) -> None:
    assert guess(transactions, 13) == LIMITED
    with pytest.raises(TooManyGuesses) as caught:
        verify(transactions, code)
    assert 0 < caught.value.details["retry_after_s"] <= 3600
    clock.advance(timedelta(hours=1))
    assert verify(transactions, code)


def test_a_number_that_was_never_given_is_answered_in_the_same_way(transactions: Any, code: str) -> None:
    assert guess(transactions, 13, UNKNOWN) == LIMITED


def test_one_caller_s_guesses_hold_up_nobody_else_and_no_other_receipt(transactions: Any, code: str) -> None:
    guess(transactions, 11, caller="app-bad")
    assert verify(transactions, code, caller="app-good")
    assert guess(transactions, 1, UNKNOWN, caller="app-bad") == ["False"]
    assert guess(transactions, 1, caller="app-bad", tenant=OTHER_TENANT) == ["False"]


def test_right_codes_are_never_counted_and_slips_are_forgiven(transactions: Any, code: str, clock: FixedClock) -> None:
    assert all(verify(transactions, code) for _ in range(30))
    for _ in range(3):
        assert guess(transactions, 9) == ["False"] * 9
        assert verify(transactions, code.upper())
        clock.advance(timedelta(hours=1))


def test_what_is_counted_is_forgotten_after_its_time(transactions: Any, code: str, clock: FixedClock) -> None:
    guess(transactions, 11)
    forget_guesses(transactions)
    with pytest.raises(TooManyGuesses):
        verify(transactions, code)
    clock.advance(timedelta(hours=1))
    forget_guesses(transactions)
    with transactions.begin(TENANT) as tx:
        assert tx.receipts.forget_guesses(clock.now() + timedelta(days=9)) == 0


def test_guesses_are_counted_across_a_restart(sql_transactions: Any) -> None:
    put_range(sql_transactions, 1, 1)
    assert guess(sql_transactions, 10) == ["False"] * 10
    again = type(sql_transactions)(
        sql_transactions.database, sql_transactions.clock, [], sql_transactions.channels, sql_transactions.keys)
    assert guess(again, 1) == ["payment.too-many-guesses"]


def test_guesses_side_by_side_are_all_counted(sql_transactions: Any) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = [each for part in pool.map(lambda _: guess(sql_transactions, 5), range(4)) for each in part]
    assert answers.count("False") <= 13, "no more than run at one time slip through"


def test_a_code_of_six_letters_that_is_printed_stays_good(transactions: Any, code: str) -> None:
    receipt_id = receipts_of(transactions)[0]["receipt_id"]
    with transactions.begin(TENANT) as tx:
        issued = one(tx.receipts.read([(CallContext("operator", TENANT), receipt_id)]))
        tx.receipts.add([replace(
            issued, receipt_id="rcp_old", refund_id="ref_old", bill_number=8, check_code="a1b2c3", payer_name="某")])
    assert verify(transactions, "A1B2C3", "0000000008")
    assert not verify(transactions, "a1b2c4", "0000000008")


def test_new_codes_have_sixty_bits(code: str) -> None:
    assert len(code) == 12


@pytest.mark.parametrize("code", ["", "12345", "x" * 21, "密密密密密密", "123 456", "\0" * 6])
def test_what_is_no_code_is_refused_at_the_door(code: str) -> None:
    with pytest.raises(ValidationError):
        VerifyReceipt().load({"bill_code": CODE, "bill_number": NUMBER, "check_code": code})


def test_a_presentation_code_needs_no_limit(tmp_path: Path) -> None:
    """120 bits for five minutes: eighty of them are still to be guessed by who knows the first forty."""
    assert len(KeyedPresentationCodes(Secrets.for_development(tmp_path)).new()) == 24
