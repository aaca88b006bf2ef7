"""Every example of the number rules, good and bad, that was verified in a public source."""
from __future__ import annotations

from datetime import date

import pytest

from shared_components.kernel.numbers import (
    FiscalBillNumber,
    ItemCode,
    LicenceIdentifier,
    NumberError,
    birth_date,
    food_licence_number,
    is_male,
    lint_licence_identifier,
    mask_resident_id,
    pay_code,
    validate_basic_item_code,
    validate_credit_code,
    validate_division,
    validate_food_licence_number,
    validate_pay_code,
    validate_resident_id,
)

TODAY = date(2026, 1, 1)
ROOT = "1.2.156.3005.2."


@pytest.mark.parametrize(
    "value",
    [
        "11010519491231002X",
        "330106199003070014",
        "33010619850615002X",
        "320106196501010019",  # its division is younger than the birth
        "330106195501010016",
        "810000199001010019",  # residence permit, Hong Kong
    ],
)
def test_real_resident_numbers_are_accepted(value: str) -> None:
    assert validate_resident_id(value, today=TODAY) == value


def test_a_small_x_is_made_canonical() -> None:
    assert validate_resident_id("11010519491231002x", today=TODAY) == "11010519491231002X"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("33010620990101001X", "birth-date"),  # born in the future
        ("330106199002300010", "birth-date"),  # 30 February
        ("330106180001010010", "birth-date"),
        ("990106199003070014", "division"),
        ("330106199003070015", "check"),
        ("33010619900307001", "form"),
        ("３30106199003070014", "form"),  # a full-width digit
        ("330106199003070014\n", "form"),
        ("", "form"),
        (330106199003070014, "not-text"),
        (None, "not-text"),
    ],
)
def test_a_wrong_resident_number_is_refused_with_its_reason_and_without_itself(value: object, reason: str) -> None:
    with pytest.raises(NumberError) as caught:
        validate_resident_id(value, today=TODAY)
    assert caught.value.reason == caught.value.details["reason"] == reason
    assert not value or str(value).strip() not in caught.value.message


def test_a_resident_number_tells_birth_and_sex_and_can_be_masked() -> None:
    assert birth_date("11010519491231002X") == date(1949, 12, 31)
    assert is_male("330106199003070014") and not is_male("11010519491231002X")
    masked = mask_resident_id("330106199003070014")
    assert masked[10:14] == "****" and len(masked) == 18 and "19900307" not in masked


def test_somebody_born_today_has_a_number() -> None:
    assert validate_resident_id("330106199003070014", today=date(1990, 3, 7))
    with pytest.raises(NumberError):
        validate_resident_id("330106199003070014", today=date(1990, 3, 6))


@pytest.mark.parametrize(
    "value",
    ["N2330106MF00000137", "91330106MA2DEM0091", "11330000000000107P", "1133010600000030X3", "11370800MB28559184"],
)
def test_credit_codes_are_accepted_in_both_modes(value: str) -> None:
    assert validate_credit_code(value) == validate_credit_code(value, lenient=True) == value


def test_a_real_credit_code_that_breaks_the_rule_needs_the_lenient_mode() -> None:
    with pytest.raises(NumberError) as caught:
        validate_credit_code("91350211M0000XUF46")
    assert caught.value.reason == "check"
    assert validate_credit_code("91350211M0000XUF46", lenient=True)


@pytest.mark.parametrize("value", ["91330106MA2DEM009", "91330106ma2dem0091", "9133010AMA2DEM0091", "", None, 1])
def test_what_is_no_credit_code_is_refused_in_both_modes(value: object) -> None:
    for lenient in (False, True):
        with pytest.raises(NumberError):
            validate_credit_code(value, lenient=lenient)


@pytest.mark.parametrize("letter", "IOZSV")
def test_letters_that_look_like_digits_are_no_part_of_a_credit_code(letter: str) -> None:
    with pytest.raises(NumberError) as caught:
        validate_credit_code(f"9133010{6}{letter}A2DEM0091")
    assert caught.value.reason == "form"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("11100000000013338W011.11430000006122244L.20230000403.001.U", ()),
        ("11100000MB03271699022.340100.000000016.001.9", ("issuer-division",)),
        ("11100000000013338W009.11330105002500287C.2025052201.002.0", ()),
        ("11100000000013338W009.11330105002500287C.2025052201.002.1", ("check",)),
        ("11100000000013338W009.11330105002500287D.2025052201.002.0", ("check", "issuer-code")),
        ("11100000000013339W009.340100.2025052201.002.0", ("check", "type-code", "issuer-division")),
        ("11100000000013338W009.11330105002500287C.2025052201.000.0", ("version",)),
        ("11100000000013338W009.11330105002500287C.2025052201.02.0", ("form",)),
    ],
)
def test_published_licence_identifiers_are_linted(text: str, problems: tuple[str, ...]) -> None:
    assert lint_licence_identifier(ROOT + text) == problems


@pytest.mark.parametrize(
    "text",
    [
        "11100000000013338W011.11430000006122244L.20230000403.001.U",
        "11100000MB03271699022.340100.000000016.001.9",
        "11100000000013338W009.11330105002500287C.2025052201.002.0",
    ],
)
def test_licence_identifiers_are_reproduced(text: str) -> None:
    assert LicenceIdentifier.parse(ROOT + text).text == ROOT + text


def test_a_renewal_keeps_all_but_version_and_check() -> None:
    first = LicenceIdentifier("11100000000013338W009", "11330105002500287C", "2025052201", 1)
    assert first.with_next_version().text == ROOT + "11100000000013338W009.11330105002500287C.2025052201.002.0"
    with pytest.raises(NumberError):
        LicenceIdentifier("11100000000013338W009", "11330105002500287C", "2025052201", 999).with_next_version()


@pytest.mark.parametrize("text", [None, "", "1.2.156.3005.3.x", ROOT + "x"])
def test_what_is_no_licence_identifier_is_refused(text: object) -> None:
    with pytest.raises(NumberError):
        LicenceIdentifier.parse(text)
    assert lint_licence_identifier(text)


def test_item_codes() -> None:
    code = ItemCode.parse("11370800MB285591843370117002011")
    assert (code.department, code.level, code.basic) == ("11370800MB28559184", "3", "370117002011")
    assert code.text == "11370800MB285591843370117002011"
    assert validate_basic_item_code("370117002011")
    with pytest.raises(NumberError):
        ItemCode.parse("11370800MB285591853370117002011")
    assert ItemCode.parse("11370800MB285591853370117002011", lenient=True)


def test_pay_codes() -> None:
    assert pay_code("330106", 2025, 1) == validate_pay_code("33010625300000000001") == "33010625300000000001"
    for division, year, serial in [("990106", 2025, 1), ("330106", 25, 1), ("330106", 2025, 10**10), ("33", 2025, 1)]:
        with pytest.raises(NumberError):
            pay_code(division, year, serial)


def test_fiscal_bill_numbers() -> None:
    bill = FiscalBillNumber("33", "06", "01", 2025, 42)
    assert (bill.code_text, bill.number_text) == ("33060125", "0000000042")
    assert FiscalBillNumber.parse("33060125", "0000000042") == bill
    for code, number in [("3306012", "0000000042"), ("33060125", "42"), ("33060125", "0000000000")]:
        with pytest.raises(NumberError):
            FiscalBillNumber.parse(code, number)


def test_food_licence_numbers() -> None:
    assert food_licence_number("2", "330106", 1) == validate_food_licence_number("JY23301060000014")
    for value in ["JY23301060000015", "JY43301060000014", "JY29901060000014", "23301060000014"]:
        with pytest.raises(NumberError):
            validate_food_licence_number(value)
    for kind, division, sequence in [("4", "330106", 1), ("2", "000000", 1), ("2", "330106", 0)]:
        with pytest.raises(NumberError):
            food_licence_number(kind, division, sequence)


@pytest.mark.parametrize("value", ["110000", "330106", "659001", "710000", "810000", "820000", "830000"])
def test_divisions_of_known_provinces_are_accepted(value: str) -> None:
    assert validate_division(value) == value


@pytest.mark.parametrize("value", ["000000", "160000", "660000", "840000", "33010", "33010a"])
def test_other_divisions_are_refused(value: str) -> None:
    with pytest.raises(NumberError):
        validate_division(value)
