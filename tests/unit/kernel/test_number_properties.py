"""Check characters: one wrong character is always noticed."""
from __future__ import annotations

import string
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from shared_components.kernel.numbers import (
    LicenceIdentifier,
    NumberError,
    complete_credit_code,
    complete_resident_id,
    food_licence_number,
    validate_credit_code,
    validate_food_licence_number,
    validate_resident_id,
)
from shared_components.kernel.numbers.divisions import PROVINCES

TODAY = date(2026, 1, 1)
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CAPITALS = string.digits + string.ascii_uppercase
DIVISIONS = st.builds(str.__add__, st.sampled_from(sorted(PROVINCES)), st.text(string.digits, min_size=4, max_size=4))
RESIDENT_IDS = st.builds(
    lambda division, born, sequence: complete_resident_id(f"{division}{born:%Y%m%d}{sequence:03d}"),
    DIVISIONS,
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
)
CREDIT_CODES = st.builds(
    lambda head, division, rest: complete_credit_code(head + division + rest),
    st.text(CREDIT_ALPHABET, min_size=2, max_size=2),
    DIVISIONS,
    st.text(CREDIT_ALPHABET, min_size=9, max_size=9),
)
IDENTIFIERS = st.builds(
    lambda code, suffix, issuer, serial, version: LicenceIdentifier(code + suffix, issuer, serial, version).text,
    CREDIT_CODES,
    st.text(CAPITALS, min_size=3, max_size=3),
    CREDIT_CODES,
    st.text(CAPITALS, min_size=9, max_size=20),
    st.integers(1, 999),
)
FOOD_NUMBERS = st.builds(food_licence_number, st.sampled_from("123"), DIVISIONS, st.integers(1, 999_999))
KINDS: list[tuple[st.SearchStrategy[str], Callable[[str], object]]] = [
    (RESIDENT_IDS, lambda value: validate_resident_id(value, today=TODAY)),
    (CREDIT_CODES, validate_credit_code),
    (IDENTIFIERS, LicenceIdentifier.parse),
    (FOOD_NUMBERS, validate_food_licence_number),
]


@pytest.mark.parametrize(("numbers", "validate"), KINDS, ids=["resident", "credit", "identifier", "food"])
@given(data=st.data())
def test_any_single_changed_character_is_refused(
    numbers: st.SearchStrategy[str], validate: Callable[[str], object], data: st.DataObject
) -> None:
    value = data.draw(numbers)
    validate(value)
    at = data.draw(st.integers(0, len(value) - 1))
    other = data.draw(st.sampled_from(CAPITALS) | st.characters())
    changed = value[:at] + other + value[at + 1 :]
    # A small x at the end is a way to write X, not another number.
    assume(other != value[at] and not (value[at] == "X" and other == "x"))
    with pytest.raises(NumberError):
        validate(changed)


@given(st.text() | st.none() | st.integers() | st.binary())
@example("0" * 18)
def test_anything_at_all_gets_a_typed_answer(value: object) -> None:
    for _, validate in KINDS:
        with pytest.raises(NumberError):
            validate(value)  # type: ignore[arg-type]
