"""Lists and reads of payment in shared groups on PostgreSQL."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared_components.kernel.calls import Call
from shared_components.kernel.errors import AppError
from tests.elsewhere import known_copies
from tests.unit.payment.test_storage import counted
from tests.unit.payment.test_who_sees_what_is_paid import LISTS, READS
from tests.unit.payment.town import KEYS, calls, model, settle
from tests.unit.payment.world import SqlTransactions


@pytest.fixture(autouse=True)
def copies() -> Iterator[None]:
    with known_copies():
        yield


def test_each_call_of_a_group_gets_what_the_slow_model_says(transactions: SqlTransactions) -> None:
    town = settle(transactions)
    for method, (many, command, things, name) in LISTS.items():
        contexts = calls(method)
        with transactions.begin() as tx:
            listed = many(tx, [Call(command(limit=100), context) for context in contexts])
        mine = {thing: key for key, thing in things(town).items()}
        for context, page in zip(contexts, listed, strict=True):
            seen = {mine[item[name]] for item in page.items if item[name] in mine}
            assert seen == {key for key in KEYS if model(context, key, method)}, (method, context)
    for read, (many, things, ask, _name) in READS.items():
        method = read.partition(" ")[0]
        asked = [(key, Call(ask(thing), context)) for key, thing in things(town).items() for context in calls(method)]
        with transactions.begin() as tx:
            for (key, call), one in zip(asked, many(tx, [call for _, call in asked]), strict=True):
                assert isinstance(one, AppError) != model(call.context, key, method), (read, key, call.context)


@pytest.mark.parametrize(("method", "statements"), [("list_orders", 2), ("list_receipts", 1), ("list_deliveries", 1)])
def test_lists_of_a_group_that_ask_alike_share_a_statement(
    transactions: SqlTransactions, method: str, statements: int,
) -> None:
    settle(transactions)
    many, command, _, _ = LISTS[method]
    operators = [context for context in calls(method) if context.caller == "operator"] * 20
    with transactions.begin() as tx, counted(transactions) as seen:
        many(tx, [Call(command(limit=5), context) for context in operators])
    assert len(seen) == statements
