"""What stands on a receipt, and its amount in capital numerals."""
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payment.receipts.adapters.pdf import print_receipt, qr_text
from services.payment.receipts.domain.capital_amount import DIGITS, capital_amount
from services.payment.receipts.domain.receipt import Receipt


@pytest.mark.parametrize(("minor", "text"), [
    (0, "零元整"), (1, "壹分"), (10, "壹角整"), (15, "壹角伍分"), (100, "壹元整"), (1000, "壹拾元整"),
    (105, "壹元零伍分"), (100_530, "壹仟零伍元叁角整"), (100_503, "壹仟零伍元零叁分"), (1_000_000, "壹万元整"),
    (1_010_000, "壹万零壹佰元整"), (100_100_100, "壹佰万壹仟零壹元整"), (10_000_000_000, "壹亿元整"),
    (10_000_000_100, "壹亿零壹元整"),
    (123_456_789_012, "壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分"),
])
def test_amounts_in_capital_numerals(minor: int, text: str) -> None:
    assert capital_amount(minor) == text


@given(st.integers(0, 10**14 - 1))
def test_a_capital_amount_reads_back_as_the_amount(minor: int) -> None:
    assert read(capital_amount(minor)) == minor
    assert "零零" not in capital_amount(minor)


def read(text: str) -> int:
    """Independent of how it was written: digits, places and groups, added up."""
    fractions = {"角": 10, "分": 1}
    places, groups = {"拾": 10, "佰": 100, "仟": 1000}, {"万": 10**4, "亿": 10**8}
    total, group, digit = 0, 0, 0
    for letter in text:
        if letter in DIGITS:
            digit = DIGITS.index(letter)
        elif letter in places:
            group, digit = group + digit * places[letter], 0
        elif letter in groups:
            total, group, digit = total + (group + digit) * groups[letter], 0, 0
        elif letter == "元":
            total, group, digit = (total + group + digit) * 100, 0, 0
        elif letter in fractions:
            total, digit = total + digit * fractions[letter], 0
    return total


def receipt(**changes: Any) -> Receipt:
    line = {"item_code": "103042801", "name": "驾驶证工本费", "unit": "证", "quantity": 1, "price_minor": 1000,
            "amount_minor": 1000}
    facts: dict[str, Any] = {
        "receipt_id": "rcp_1", "tenant": "t", "order_id": "pay_1", "refund_id": None, "kind": "original",
        "original_id": None, "state": "issued", "amount_minor": 1000, "currency": "CNY",
        "collecting_unit": "1133010600000030X3", "pay_code": "33010625300000000001", "payer_name": "测试人甲",
        "lines": [line], "created_at": datetime(2025, 6, 2, 1, tzinfo=UTC), "bill_code": "33010125", "bill_number": 7,
        "check_code": "a1b2c3", "issued_at": datetime(2025, 6, 1, 17, tzinfo=UTC),
    }
    return Receipt(**{**facts, **changes})


def test_the_code_holds_what_a_check_needs_and_nobodys_name() -> None:
    assert qr_text(receipt()) == "ZT1|33010125|0000000007|a1b2c3|10.00|2025-06-02|1133010600000030X3"
    assert qr_text(receipt(kind="red", original_id="rcp_0")).split("|")[4] == "-10.00"


def test_fifty_lines_and_markup_in_names_do_no_harm() -> None:
    line = {**receipt().lines[0], "name": "<b>&项目</i>" * 16}
    pdf = print_receipt(receipt(lines=[line] * 100, payer_name="<font size=99>某&某"), None)
    assert len(pdf) < 150_000


def test_a_red_letter_receipt_is_another_document() -> None:
    red = receipt(kind="red", original_id="rcp_0", bill_number=8)
    assert print_receipt(red, receipt()) != print_receipt(receipt(bill_number=8), None)
