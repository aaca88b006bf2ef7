"""The sandbox's own statement, over real HTTP, and a day of lost callbacks that it settles."""
from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import httpx
import pytest

from services.payment.channels.adapters.sandbox.channel import SandboxChannel
from services.payment.common.domain.business_day import business_day
from services.payment.orders.usecases.close_order import CloseOrder, close_order
from services.payment.orders.usecases.scheduled import push_refunds
from services.payment.reconciliation.adapters.statement_files import StatementFile
from services.payment.reconciliation.domain.errors import StatementDayInvalid, StatementNotOffered
from services.payment.reconciliation.domain.statement import CHANNEL_ZONE
from services.payment.reconciliation.usecases.fetch_statement import fetch_statement
from services.payment.reconciliation.usecases.find_statement import statement_of
from services.payment.reconciliation.usecases.import_statement import WantedImport, import_statement
from services.payment.reconciliation.usecases.reconcile import reconcile
from shared_components.kernel.clock import FixedClock
from tests.unit.payment.memory import MemoryTransactions
from tests.unit.payment.reconciliation.statements import classes
from tests.unit.payment.sandbox.process import sandbox_channel, sandbox_process
from tests.unit.payment.steps import ask_refund, books, make_orders, order_of, start
from tests.unit.payment.world import TENANT, FakeChannels, SqlTransactions, call

NOWHERE = "http://127.0.0.1:9/callbacks"


class OnlySandbox:
    def __init__(self, channel: SandboxChannel) -> None:
        self.sandbox = channel

    def named(self, _name: str) -> SandboxChannel:
        return self.sandbox

    def configured(self) -> list[str]:
        return ["sandbox"]

    def circuit_open(self) -> list[str]:
        return []


@pytest.fixture
def clock() -> FixedClock:
    """The sandbox is another process and has the real time."""
    return FixedClock(datetime.now(UTC))


@pytest.fixture
def silent_sandbox() -> Iterator[SandboxChannel]:
    """It never calls back."""
    with sandbox_process("--loss", "1") as url, sandbox_channel(url, NOWHERE) as channel:
        yield channel


@pytest.fixture(params=["memory", "sqlite"])
def shop(
    request: pytest.FixtureRequest, clock: FixedClock, recorded: list[dict[str, Any]], silent_sandbox: SandboxChannel
) -> Any:
    transactions: MemoryTransactions | SqlTransactions = MemoryTransactions(
        clock, recorded, OnlySandbox(silent_sandbox)
    )
    if request.param == "sqlite":
        transactions = request.getfixturevalue("sql_transactions")
        transactions.channels = OnlySandbox(silent_sandbox)
    return transactions


def act(page: str, action: str = "confirm") -> None:
    httpx.post(page, data={"action": action}, follow_redirects=True, trust_env=False).raise_for_status()


def test_a_day_of_lost_callbacks_is_settled_by_the_channels_statement(shop: Any, clock: FixedClock) -> None:
    day = clock.now().astimezone(CHANNEL_ZONE).date()
    orders = [str(order["order_id"]) for order in make_orders(shop, 12)]
    pages = {order_id: start(shop, order_id)["pay_url"] for order_id in orders}
    paid, late, given_up = orders[:8], orders[8:10], orders[10]
    for order_id in late:
        with shop.begin(TENANT) as tx:
            close_order(tx, *call(CloseOrder(order_id=order_id)))
    for order_id in (*paid, *late):
        act(pages[order_id])
    act(pages[given_up], "give-up")
    assert {order_of(shop, order_id)["state"] for order_id in paid} == {"pending"}

    result = import_and_compare(shop, day)
    assert classes(result) == {("payment", "matched"): (10, 10_000, 10_000)}
    assert (result["open_count"], result["asked_count"]) == (0, 10)
    assert {order_of(shop, order_id)["state"] for order_id in paid} == {"paid"}
    assert {order_of(shop, order_id)["state"] for order_id in late} == {"closed"}
    assert order_of(shop, orders[11])["state"] == "pending"
    assert books(shop)["refunds-payable"] == -2000

    ask_refund(shop, paid[0], 300, available=1000)
    push_refunds(shop, shop.channels)
    deadline = time.monotonic() + 10
    while b",processing," in fetch_statement(shop.channels, "sandbox", day, now=datetime.now(UTC)):
        assert time.monotonic() < deadline, "the sandbox makes no refund"
        time.sleep(0.02)
    result = import_and_compare(shop, day, supersede=True)
    assert classes(result) == {
        ("payment", "matched"): (10, 10_000, 10_000), ("refund", "matched"): (3, 2300, 2300),
    }
    assert result["open_count"] == 0
    assert (books(shop)["channel-clearing/sandbox"], books(shop)["refunds-payable"]) == (7700, 0)


def import_and_compare(transactions: Any, day: Any, *, supersede: bool = False) -> Any:
    content = fetch_statement(transactions.channels, "sandbox", day, now=datetime.now(UTC))
    wanted = WantedImport(TENANT, "sandbox", day, supersede)
    import_statement(transactions, transactions.channels, wanted, StatementFile(BytesIO(content), "zhongtai"))
    return reconcile(transactions, transactions.channels, statement_of(transactions, TENANT, "sandbox", day))


def test_a_channel_without_statements_says_so() -> None:
    now = datetime.now(UTC)
    with pytest.raises(StatementNotOffered, match="download its file"):
        fetch_statement(FakeChannels(), "sandbox", business_day(now), now=now)


def test_a_day_that_has_not_begun_has_no_statement() -> None:
    now = datetime.now(UTC)
    with pytest.raises(StatementDayInvalid, match="only days from 2000-01-01 to"):
        fetch_statement(FakeChannels(), "sandbox", business_day(now) + timedelta(days=1), now=now)
