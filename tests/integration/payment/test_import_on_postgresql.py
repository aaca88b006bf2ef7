"""Statements on PostgreSQL, where lines come by COPY."""
from __future__ import annotations

from typing import Any

import pytest

from services.payment.reconciliation.domain.errors import StatementMalformed
from tests.integration.payment.test_postgresql import together
from tests.unit.payment.reconciliation.statements import bring, compare, ours, payment
from tests.unit.payment.reconciliation.test_channel_fees import (
    FEES,
    fee_entries,
    paid_orders,
    without_fees,
)
from tests.unit.payment.steps import books
from tests.unit.payment.world import SqlTransactions

pytestmark = pytest.mark.integration


def test_a_day_that_many_reconcile_at_once_has_its_fees_once(transactions: SqlTransactions) -> None:
    orders = paid_orders(transactions, 3)
    bring(transactions, *(payment(order, fee_minor=6) for order in orders))
    results = together(lambda _: compare(transactions), range(6))
    assert [each["fees_minor"] for each in results] == [18] * 6
    assert (books(transactions)[FEES], len(fee_entries(transactions))) == (18, 1)


def test_lines_without_fees_are_stored_without_them(transactions: SqlTransactions) -> None:
    done: Any = bring(transactions, content=without_fees(ours(payment("pay_1"))))
    assert (done["state"], done["fees_minor"]) == ("complete", None)
    with pytest.raises(StatementMalformed):
        bring(transactions, payment("pay_1"), payment("pay_1"), supersede=True)
