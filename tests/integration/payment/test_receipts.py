"""Numbers of receipts on PostgreSQL: many threads, ranges that end at the same time, transactions that fail."""
from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import text

from services.payment.receipts.domain.errors import ReceiptRangeOverlaps
from services.payment.receipts.usecases.issue_waiting import issue_waiting
from tests.integration.payment.test_postgresql import together
from tests.unit.payment.receipts.steps import put_range, receipts_of, was_paid, was_refunded
from tests.unit.payment.steps import apply, make_orders, make_paid_order, paid_word
from tests.unit.payment.world import OTHER_TENANT, TENANT, UNIT_CODE, SqlTransactions

pytestmark = pytest.mark.integration


def paid_orders(transactions: SqlTransactions, count: int) -> list[str]:
    orders = [order["order_id"] for order in make_orders(transactions, count)]
    apply(transactions, *[paid_word(order_id) for order_id in orders])
    return orders


def numbers(transactions: SqlTransactions) -> list[int]:
    return sorted(int(r["bill_number"]) for r in receipts_of(transactions, state="issued"))


def test_many_threads_get_numbers_without_gap_or_twin_over_the_ends_of_ranges(transactions: SqlTransactions) -> None:
    for first, last in ((1, 7), (11, 11), (21, 60), (101, 400)):
        put_range(transactions, first, last)
    orders = paid_orders(transactions, 150)
    together(lambda order_id: was_paid(transactions, order_id), orders)
    expected = [*range(1, 8), 11, *range(21, 61), *range(101, 203)]
    assert numbers(transactions) == expected


def test_a_transaction_that_fails_gives_its_number_back(transactions: SqlTransactions) -> None:
    put_range(transactions, 1, 300)
    orders = paid_orders(transactions, 100)

    def issue(number: int) -> None:
        try:
            with transactions.begin(TENANT) as tx:
                assert len(tx.receipts.take_numbers(TENANT, UNIT_CODE, 1)) == 1
                raise ZeroDivisionError
        except ZeroDivisionError:
            if number % 3:
                was_paid(transactions, orders[number])

    together(issue, range(100))
    assert numbers(transactions) == list(range(1, 67))


def test_what_is_told_twice_at_once_has_one_receipt(transactions: SqlTransactions) -> None:
    put_range(transactions, 1, 300)
    orders = paid_orders(transactions, 20)
    told = [order_id for order_id in orders for _ in range(4)]
    random.Random(3).shuffle(told)

    def tell(order_id: str) -> None:
        """As the bus does: an event that fails on its twin is handled once more."""
        for _ in range(3):
            try:
                if told.index(order_id) % 2:
                    was_refunded(transactions, order_id, f"{order_id}/r"[-40:], 400)
                return was_paid(transactions, order_id)
            except Exception as error:
                again: Any = error
        raise again

    together(tell, told)
    assert numbers(transactions) == list(range(1, len(receipts_of(transactions)) + 1))
    assert sum(r["kind"] == "original" for r in receipts_of(transactions)) == 20


def test_those_that_wait_are_issued_once_however_many_sweep(transactions: SqlTransactions) -> None:
    for order_id in paid_orders(transactions, 30):
        was_paid(transactions, order_id)
    together(
        lambda n: put_range(transactions, 100 * n + 1, 100 * n + 10) if n < 4 else issue_waiting(transactions),
        range(12),
    )
    issue_waiting(transactions)
    assert len(numbers(transactions)) == len(set(numbers(transactions))) == 30


def test_of_overlapping_ranges_put_at_once_one_is_taken(transactions: SqlTransactions) -> None:
    def put(number: int) -> int:
        try:
            put_range(transactions, 1 + number, 50 + number)
        except ReceiptRangeOverlaps:
            return 0
        return 1

    assert sum(together(put, range(12))) == 1


def test_row_security_and_encryption_cover_receipts(transactions: SqlTransactions) -> None:
    put_range(transactions, 1, 5)
    was_paid(transactions, make_paid_order(transactions))
    for table in ("receipts", "receipt_ranges"):
        with transactions.database.reading([OTHER_TENANT]) as session:
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0  # noqa: S608
    with transactions.database.reading(["*"]) as session:
        stored = session.execute(text("SELECT payer_name FROM receipts")).scalar_one()
    assert "测试人甲".encode() not in bytes(stored)
