"""Days close by themselves: each on its own, those that were missed too, and one tenant's trouble is its own."""
from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import text

from services.payment.fees.usecases.fee_items import put_fee_item
from services.payment.ledger.domain.books import MOST_DAYS_AT_ONCE, days_due
from services.payment.ledger.usecases.close_days import CLOSER, close_days
from services.payment.orders.usecases.create_orders import create_orders
from services.payment.schemas import PaymentSettings
from services.payment.service import PaymentService
from shared_components.configuration.errors import ConfigurationError
from shared_components.configuration.loading import load_service_settings
from shared_components.db import Database, migrate
from shared_components.kernel.clock import FixedClock
from shared_components.observability import METRICS
from tests.outcomes import one
from tests.unit.payment.ledger.test_books import DAY, DAYS, close, pay_each
from tests.unit.payment.memory import MemoryTransactions
from tests.unit.payment.steps import apply, make_orders, paid_word
from tests.unit.payment.world import OTHER_TENANT, TENANT, SqlTransactions, fee_item_call, order_call

HOURS_2 = timedelta(hours=2)


def closing(transactions: Any, day: date, tenant: str = TENANT) -> Any:
    with transactions.begin(tenant) as tx:
        return tx.books.closing(tenant, day)


def closed_through(transactions: Any, tenant: str = TENANT) -> date | None:
    with transactions.begin(tenant) as tx:
        found: date | None = tx.books.closed_through(tenant)
        return found


def pay_another_tenant(transactions: Any) -> None:
    with transactions.begin(OTHER_TENANT) as tx:
        put_fee_item(tx, *fee_item_call(OTHER_TENANT))
        order = one(create_orders(tx, [order_call(OTHER_TENANT)]))
    apply(transactions, paid_word(order["order_id"], tenant=OTHER_TENANT))


def damage(transactions: Any, tenant: str) -> None:
    """Its kept balances are no longer the sums of its entries."""
    with transactions.database.transaction([tenant]) as session:
        change = text("UPDATE ledger_balances SET debit_minor = debit_minor + 1 WHERE tenant_id = :tenant")
        session.execute(change, {"tenant": tenant})


def test_a_day_is_closed_some_time_after_its_midnight_in_china_and_once(transactions: Any, clock: FixedClock) -> None:
    pay_each(transactions, 2)
    clock.advance(timedelta(hours=16, minutes=59))  # 01:59 there
    assert (close_days(transactions, HOURS_2), closed_through(transactions)) == (0, DAY - timedelta(days=1))
    clock.advance(timedelta(minutes=1))
    assert close_days(transactions, HOURS_2) == 0
    closed = closing(transactions, DAY)
    assert (closed.entries, closed.closed_by, closed_through(transactions)) == (2, CLOSER, DAY)
    clock.advance(timedelta(hours=3))
    pay_each(transactions, 1)
    assert close_days(transactions, HOURS_2) == 0
    assert closing(transactions, DAY) == closed


def test_days_that_were_missed_are_closed_each_on_its_own(transactions: Any, clock: FixedClock) -> None:
    for _ in range(4):
        pay_each(transactions, 1)
        close_days(transactions, timedelta(days=30))
        clock.advance(timedelta(days=1))
        if closed_through(transactions) is None:
            close(transactions, DAY)
    assert close_days(transactions, HOURS_2) == 0
    found = [closing(transactions, day) for day in DAYS[1:4]]
    assert [(each.since, each.entries) for each in found] == [(day, 1) for day in DAYS[:3]]


def test_every_tenant_has_its_days_closed(transactions: Any, clock: FixedClock) -> None:
    pay_each(transactions, 1)
    pay_another_tenant(transactions)
    clock.advance(timedelta(days=1))
    close(transactions, DAY, caller="会计甲")
    assert close_days(transactions, timedelta()) == 0
    assert (closing(transactions, DAY).closed_by, closing(transactions, DAY, OTHER_TENANT).closed_by) == (
        "会计甲",
        CLOSER,
    )


def test_what_somebody_closes_at_the_same_moment_is_left_to_him(transactions: Any, clock: FixedClock) -> None:
    pay_each(transactions, 1)
    clock.advance(timedelta(days=1))
    close(transactions, DAY)
    pay_each(transactions, 1)
    clock.advance(timedelta(days=2))
    quick = transactions.begin

    def begin(tenant: str | None = None) -> Any:
        if tenant is not None:
            transactions.begin = quick
            close(transactions, DAYS[2], caller="会计甲")
        return quick() if tenant is None else quick(tenant)

    transactions.begin = begin
    assert close_days(transactions, HOURS_2) == 0
    assert (closing(transactions, DAYS[1]), closing(transactions, DAYS[2]).closed_by) == (None, "会计甲")


def test_books_that_differ_are_not_closed_and_do_not_hold_up_others(
    sql_transactions: SqlTransactions, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    pay_each(sql_transactions, 1)
    pay_another_tenant(sql_transactions)
    damage(sql_transactions, TENANT)
    clock.advance(timedelta(days=1))
    with caplog.at_level(logging.ERROR):
        assert close_days(sql_transactions, HOURS_2) == 1 == close_days(sql_transactions, HOURS_2)
    assert (closed_through(sql_transactions), closed_through(sql_transactions, OTHER_TENANT)) == (None, DAY)
    refused = caplog.records[0].__dict__
    assert (refused["tenant"], refused["code"], refused["levelname"]) == (TENANT, "payment.books-differ", "ERROR")
    assert refused["details"]["accounts"]


def test_a_long_gap_is_closed_in_days_as_far_as_that_is_cheap() -> None:
    assert days_due(None, DAYS[3]) == [DAYS[3]]
    assert days_due(DAYS[0], DAYS[3]) == DAYS[1:4]
    assert days_due(DAYS[3], DAYS[3]) == [] == days_due(DAYS[4], DAYS[3])
    long = days_due(date(2020, 1, 1), DAYS[3])
    assert (len(long), long[-1], len(set(long))) == (MOST_DAYS_AT_ONCE, DAYS[3], MOST_DAYS_AT_ONCE)


def test_who_has_no_books_is_not_closed(clock: FixedClock, channels: Any) -> None:
    transactions = MemoryTransactions(clock, [], channels)
    make_orders(transactions, 1)
    clock.advance(timedelta(days=1))
    assert close_days(transactions, HOURS_2) == 0
    assert closed_through(transactions) is None


@pytest.mark.parametrize(("given", "expected"), [
    ({}, 43_200), ({"books": {}}, 43_200), ({"books": {"close_days_after_s": 0}}, 0),
    ({"books": {"close_days_after_s": None}}, None),
])
def test_when_days_close_is_a_setting_that_can_be_off(given: Any, expected: Any) -> None:
    assert load_service_settings("payment", PaymentSettings, given)["books"]["close_days_after_s"] == expected


@pytest.mark.parametrize("value", [-1, 604_801, "noon", 1.5])
def test_a_wrong_time_to_close_is_told_with_its_key(value: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"services\.payment\.books\.close_days_after_s"):
        load_service_settings("payment", PaymentSettings, {"books": {"close_days_after_s": value}})


def test_a_tenant_that_has_posted_nothing_since_days_are_closed_has_its_days_closed_too(tmp_sqlite_url: str) -> None:
    migrate(tmp_sqlite_url, "payment", to="0004")
    database = Database(tmp_sqlite_url, "payment")
    with database.transaction([TENANT]) as session:
        session.execute(text("INSERT INTO ledger_balances VALUES (:tenant, 'a', 'CNY', 10, 0)"), {"tenant": TENANT})
    assert migrate(tmp_sqlite_url, "payment")[0] == "0005"
    with database.reading([TENANT]) as session:
        assert session.execute(text("SELECT tenant_id, closed_through FROM ledger_days")).all() == [(TENANT, None)]
    database.dispose()


def refused_so_far() -> float:
    return METRICS.registry.get_sample_value("zhongtai_books_refused_total") or 0.0


@pytest.mark.parametrize(("after_s", "refused", "closed"), [(0, 1, DAY), (None, 0, None)])
def test_the_service_closes_days_as_it_is_set_and_counts_books_that_it_could_not_close(
    sql_transactions: SqlTransactions, clock: FixedClock, after_s: int | None, refused: int, closed: date | None
) -> None:
    pay_each(sql_transactions, 1)
    pay_another_tenant(sql_transactions)
    damage(sql_transactions, TENANT)
    clock.advance(timedelta(days=1))
    service: Any = PaymentService()
    service.transactions = sql_transactions
    cast(Any, sql_transactions).settings = {"books": {"close_days_after_s": after_s}}
    before = refused_so_far()
    service.close_days()
    assert (refused_so_far() - before, closed_through(sql_transactions, OTHER_TENANT)) == (refused, closed)
