"""Statements on PostgreSQL, where lines come by COPY."""
from __future__ import annotations

from typing import Any

import pytest

from services.payment.domain.errors import StatementMalformed
from tests.integration.payment.test_postgresql import together
from tests.unit.payment.statements import bring, compare, ours, payment
from tests.unit.payment.steps import books
from tests.unit.payment.test_channel_fees import (
    FEES,
    fee_entries,
    paid_orders,
    without_fees,
)
from tests.unit.payment.world import SqlUnits

pytestmark = pytest.mark.integration


def test_a_day_that_many_reconcile_at_once_has_its_fees_once(units: SqlUnits) -> None:
    orders = paid_orders(units, 3)
    bring(units, *(payment(order, fee_minor=6) for order in orders))
    results = together(lambda _: compare(units), range(6))
    assert [each["fees_minor"] for each in results] == [18] * 6
    assert (books(units)[FEES], len(fee_entries(units))) == (18, 1)


def test_lines_without_fees_are_stored_without_them(units: SqlUnits) -> None:
    done: Any = bring(units, content=without_fees(ours(payment("pay_1"))))
    assert (done["state"], done["fees_minor"]) == ("complete", None)
    with pytest.raises(StatementMalformed):
        bring(units, payment("pay_1"), payment("pay_1"), supersede=True)
