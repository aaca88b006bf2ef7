"""Receipts: numbers without gap or twin, waiting when there are none, red-letter ones for refunds."""
from __future__ import annotations

import base64
from typing import Any

import pytest

from services.payment.fees.usecases.fee_items import put_fee_item
from services.payment.receipts.domain.errors import (
    ReceiptNumbersExhausted,
    ReceiptRangeInvalid,
    ReceiptRangeOverlaps,
    ReceiptUnknown,
)
from services.payment.receipts.domain.receipt import check_code
from services.payment.receipts.schemas import VerifiedReceipt
from services.payment.receipts.usecases.issue_receipts import issue_for_refunds
from services.payment.receipts.usecases.issue_waiting import issue_waiting
from services.payment.receipts.usecases.read_receipts import GetReceipt
from services.payment.receipts.usecases.verify_receipt import VerifyReceipt, verify_receipt
from tests.outcomes import one
from tests.unit.payment.receipts.steps import (
    CODE,
    PDF_PATH,
    put_range,
    receipt,
    receipts_of,
    refunded_event,
    was_paid,
    was_refunded,
)
from tests.unit.payment.steps import apply, make_order, make_paid_order, paid_word
from tests.unit.payment.world import OTHER_TENANT, TENANT, UNIT_CODE, call, fee_item_call


def verify(transactions: Any, number: str, check: str, code: str = CODE) -> Any:
    return VerifiedReceipt().dump(verify_receipt(transactions, *call(VerifyReceipt(code, number, check))))


def test_an_order_that_was_paid_has_one_receipt_however_often_it_is_told(
    transactions: Any, recorded: list[dict[str, Any]]
) -> None:
    put_range(transactions, 1, 10)
    order_id = make_paid_order(transactions)
    for _ in range(3):
        was_paid(transactions, order_id)
    (found,) = receipts_of(transactions)
    assert (found["kind"], found["state"], found["bill_code"], found["bill_number"]) == (
        "original", "issued", CODE, "0000000001")
    assert (found["amount_minor"], found["order_id"], len(found["check_code"])) == (1000, order_id, 12)
    assert [event["type"] for event in recorded].count("receipt-issued") == 1


def test_refunds_have_red_letter_receipts_that_name_their_original(transactions: Any) -> None:
    put_range(transactions, 1, 10)
    order_id = make_paid_order(transactions)
    was_paid(transactions, order_id)
    for refund_id, amount in (("ref_1", 300), ("ref_2", 700), ("ref_1", 300)):
        was_refunded(transactions, order_id, refund_id, amount)
    original, first, second = receipts_of(transactions, order_id)
    assert [(r["kind"], r["amount_minor"], r["original_id"]) for r in (first, second)] == [
        ("red", -300, original["receipt_id"]), ("red", -700, original["receipt_id"])]
    assert receipt(transactions, receipt_id=first["receipt_id"])["original_bill"] == {
        "bill_code": CODE, "bill_number": "0000000001"}
    assert verify(transactions, "0000000001", original["check_code"])["red_minor"] == 1000


def test_a_refund_that_is_told_before_its_payment_has_both_receipts(transactions: Any) -> None:
    put_range(transactions, 1, 10)
    order_id = make_paid_order(transactions)
    was_refunded(transactions, order_id, "ref_1", 1000)
    was_paid(transactions, order_id)
    assert [(r["kind"], r["bill_number"]) for r in receipts_of(transactions)] == [
        ("original", "0000000001"), ("red", "0000000002")]


def test_receipts_wait_for_numbers_and_go_on_once_there_are_some(
    transactions: Any, recorded: list[dict[str, Any]]
) -> None:
    put_range(transactions, 1, 1)
    orders = [make_paid_order(transactions) for _ in range(4)]
    for order_id in orders:
        was_paid(transactions, order_id)
    was_refunded(transactions, orders[3], "ref_1", 1000)
    waiting = receipts_of(transactions, state="waiting")
    assert [r["order_id"] for r in waiting] == [orders[1], orders[2], orders[3], orders[3]]
    assert [e["type"] for e in recorded].count("receipt-numbers-exhausted") == 4
    with pytest.raises(ReceiptNumbersExhausted) as refused:
        receipt(transactions, order_id=orders[1], with_pdf=True)
    assert "collecting_unit" in refused.value.details
    assert receipt(transactions, order_id=orders[1])["bill_number"] is None
    put = put_range(transactions, 11, 12)
    assert (put["issued"], put["left"]) == (2, 0)
    assert put_range(transactions, 100, 200)["issued"] == 2
    numbers = [r["bill_number"] for r in receipts_of(transactions)]
    assert numbers == ["0000000001", "0000000011", "0000000012", "0000000100", "0000000101"]
    assert receipts_of(transactions, state="waiting") == []


def test_the_sweep_issues_what_a_new_range_could_not_serve_at_once(
    transactions: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.payment.receipts.usecases.issue_waiting.BATCH", 2)
    for _ in range(5):
        was_paid(transactions, make_paid_order(transactions))
    assert put_range(transactions, 1, 9)["issued"] == 2
    for left in (1, 0):
        issue_waiting(transactions)
        assert len(receipts_of(transactions, state="waiting")) == left
    assert [r["bill_number"][-1] for r in receipts_of(transactions)] == list("12345")


@pytest.mark.parametrize(("code", "first", "last"), [
    ("33010125", 5, 4), ("33010125", 1, 10_000_001), ("330101", 1, 2), ("3301012x", 1, 2),
])
def test_a_range_that_is_none_is_refused(transactions: Any, code: str, first: int, last: int) -> None:
    with pytest.raises(ReceiptRangeInvalid):
        put_range(transactions, first, last, code=code)


@pytest.mark.parametrize(("first", "last"), [(10, 20), (1, 10), (20, 30), (12, 13), (1, 100)])
def test_a_number_is_in_one_range_of_one_tenant(transactions: Any, first: int, last: int) -> None:
    put_range(transactions, 10, 20)
    for tenant in (TENANT, OTHER_TENANT):
        with pytest.raises(ReceiptRangeOverlaps):
            put_range(transactions, first, last, tenant=tenant)
    put_range(transactions, first, last, code="33010126", tenant=OTHER_TENANT)
    put_range(transactions, 21, 21)


def test_a_receipt_is_genuine_only_with_its_check_code(transactions: Any) -> None:
    put_range(transactions, 1, 10)
    was_paid(transactions, make_paid_order(transactions))
    (found,) = receipts_of(transactions)
    good = verify(transactions, found["bill_number"], found["check_code"].upper())
    assert (good["genuine"], good["kind"], good["amount_minor"]) == (True, "original", 1000)
    wrong = verify(transactions, found["bill_number"], "000000")
    assert wrong == verify(transactions, "0000000009", "000000")
    assert wrong == {"genuine": False, "kind": None, "amount_minor": None, "red_minor": None, "issued_at": None}


def test_a_receipt_names_where_its_pdf_is_once_it_has_a_number(transactions: Any) -> None:
    order_id = make_paid_order(transactions)
    was_paid(transactions, order_id)
    assert receipt(transactions, order_id=order_id)["pdf_path"] is None
    put_range(transactions, 1, 10)
    found = receipt(transactions, order_id=order_id)
    assert (found["pdf_path"], found["pdf_base64"]) == (f"/v1/payment/receipts/{found['receipt_id']}.pdf", None)


def test_another_tenants_receipt_does_not_exist(transactions: Any) -> None:
    put_range(transactions, 1, 10)
    order_id = make_paid_order(transactions)
    was_paid(transactions, order_id)
    with pytest.raises(ReceiptUnknown), transactions.begin(OTHER_TENANT) as tx:
        from services.payment.receipts.adapters.pdf import print_receipt
        from services.payment.receipts.usecases.read_receipts import get_receipts

        asked = call(GetReceipt(order_id=order_id), tenant=OTHER_TENANT)
        one(get_receipts(tx, [asked], print_receipt, PDF_PATH))


def test_an_order_that_nobody_paid_has_no_receipt(transactions: Any) -> None:
    with pytest.raises(ReceiptUnknown):
        receipt(transactions, order_id=make_order(transactions))


def test_the_document_is_the_same_each_time_and_small(transactions: Any) -> None:
    put_range(transactions, 1, 10)
    order_id = make_paid_order(transactions)
    was_paid(transactions, order_id)
    whole = receipt(transactions, order_id=order_id, with_pdf=True)
    pdf = base64.b64decode(whole["pdf_base64"])
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) < 30_000
    assert receipt(transactions, order_id=order_id, with_pdf=True) == whole
    assert whole["payer_name"] == "测试人甲"


def test_the_check_code_depends_on_all_that_it_guards() -> None:
    from datetime import UTC, datetime, timedelta

    from services.payment.receipts.domain.receipt import BillNumber

    at = datetime(2025, 6, 2, tzinfo=UTC)
    codes = {
        check_code(b"k", BillNumber(CODE, 1), 1000, at), check_code(b"l", BillNumber(CODE, 1), 1000, at),
        check_code(b"k", BillNumber(CODE, 2), 1000, at), check_code(b"k", BillNumber(CODE, 1), -1000, at),
        check_code(b"k", BillNumber("33010126", 1), 1000, at),
        check_code(b"k", BillNumber(CODE, 1), 1000, at + timedelta(days=1)),
    }
    assert len(codes) == 6


def test_a_group_takes_the_ranges_of_its_units_in_one_order(transactions: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two groups that share units would else wait for each other's ranges, and the database would end one of them."""
    other = UNIT_CODE[:-1] + "9"
    assert other > UNIT_CODE
    with transactions.begin(TENANT) as tx:
        put_fee_item(tx, *fee_item_call(item_code="103042802", collecting_unit=other))
    put_range(transactions, 1, 10)
    put_range(transactions, 11, 20, collecting_unit=other)
    with_original = make_paid_order(transactions)
    was_paid(transactions, with_original)
    without = make_order(transactions, lines=[{"item_code": "103042802", "quantity": 1}])
    apply(transactions, paid_word(without))
    taken: list[str] = []
    with transactions.begin(TENANT) as tx:
        take = tx.receipts.take_numbers

        def noted(tenant: str, collecting_unit: str, *more: Any) -> Any:
            taken.append(collecting_unit)
            return take(tenant, collecting_unit, *more)

        monkeypatch.setattr(tx.receipts, "take_numbers", noted)
        issue_for_refunds(tx, [
            refunded_event(without, "ref_1", 100), refunded_event(with_original, "ref_2", 100),
        ])  # fmt: skip
    assert taken == [UNIT_CODE, other, other]
    numbers = sorted(r["bill_number"] for r in receipts_of(transactions))
    assert numbers == ["0000000001", "0000000002", "0000000011", "0000000012"]
