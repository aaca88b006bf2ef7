"""A holder reads orders, lines, refunds and receipts of every department on PostgreSQL, and locks or changes none."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from shared_components.security.authority import Reach, reach
from tests.elsewhere import CONSENTING, PORTAL, contexts_elsewhere, known_copies
from tests.unit.payment.test_who_sees_what_is_paid import LISTS, READS
from tests.unit.payment.town import KEYS, RULES, Town, model, settle
from tests.unit.payment.world import SqlTransactions

TABLES = ("orders", "order_lines", "refunds", "receipts")


@pytest.fixture(autouse=True)
def copies() -> Iterator[None]:
    with known_copies():
        yield


@pytest.fixture
def town(transactions: SqlTransactions) -> Town:
    return settle(transactions)


def of_holder() -> Reach:
    """Give the reach of one citizen's call at a portal."""
    context = next(one for one in contexts_elsewhere(None) if one.caller == PORTAL and one.citizen == CONSENTING)
    return reach([context])


def orders_in(transactions: SqlTransactions, table: str, more: str = "") -> set[str]:
    with transactions.database.transaction(of_holder()) as session:
        return set(session.execute(text(f"SELECT order_id FROM {table} {more}")).scalars())  # noqa: S608


def test_the_database_shows_a_holder_rows_that_name_the_holder_and_locks_none(town: Town) -> None:
    transactions = town.transactions
    mine = {town.paid[key] for key in KEYS if key[2] == CONSENTING}
    for table in TABLES:
        both = mine | {town.open_orders[key] for key in KEYS if key[2] == CONSENTING}
        assert orders_in(transactions, table) == (both if table.startswith("order") else mine), table
        assert orders_in(transactions, table, "FOR UPDATE") == set(), table
        with transactions.database.transaction(of_holder()) as session:
            changed = session.execute(text(f"UPDATE {table} SET tenant_id = tenant_id"))  # noqa: S608
            assert changed.rowcount == 0, table


@pytest.mark.parametrize("read", READS)
def test_a_holder_alone_in_a_transaction_reads_own_things_of_all_departments_whole(town: Town, read: str) -> None:
    many, things, command, _ = READS[read]
    method = read.partition(" ")[0]
    for context in contexts_elsewhere(RULES[method]):
        asked = [(key, Call(command(thing), context)) for key, thing in things(town).items()]
        with town.transactions.begin(reach([context])) as tx:
            seen = many(tx, [call for _, call in asked])
        for (key, _), one in zip(asked, seen, strict=True):
            assert isinstance(one, AppError) != model(context, key, method), (context, key)
            assert isinstance(one, AppError) or one.get("lines", True), "an order has its lines"


@pytest.mark.parametrize("method", ["list_orders", "list_receipts"])
def test_a_holder_alone_in_a_transaction_lists_own_things_of_all_departments(town: Town, method: str) -> None:
    many, command, things, name = LISTS[method]
    mine = {thing: key for key, thing in things(town).items()}
    for context in contexts_elsewhere(RULES[method]):
        with town.transactions.begin(reach([context])) as tx:
            (page,) = many(tx, [Call(command(limit=100), context)])
        seen = {mine[item[name]] for item in page.items if item[name] in mine}
        assert seen == {key for key in KEYS if model(context, key, method)}, context


def test_a_list_by_holder_has_an_index_that_begins_with_the_holder(transactions: SqlTransactions) -> None:
    with transactions.database.transaction(of_holder()) as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(session.execute(text(
            "EXPLAIN SELECT order_id FROM orders WHERE payer_subject = 'sub_1' ORDER BY order_id DESC LIMIT 20",
        )).scalars())
    assert "ix_orders_holder" in plan, plan
