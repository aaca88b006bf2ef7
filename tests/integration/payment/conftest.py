"""Payment's units on PostgreSQL: one migrated database for all tests, emptied before each."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from shared_components.db import Database, migrate
from shared_components.devstack.external_servers import unique_name
from shared_components.devstack.servers import PostgreSQL
from shared_components.kernel.clock import FixedClock
from tests.unit.payment.world import FakeChannel, FakeChannels, SqlTransactions, fixed_clock

TABLES = (
    "fee_items", "orders", "order_lines", "refunds", "channel_payments", "channel_events", "ledger_entries",
    "ledger_balances", "statements", "statement_lines", "reconciliation_differences",
    "ledger_days", "ledger_closings", "ledger_closing_balances",
    "webhooks", "webhook_deliveries", "webhook_attempts", "receipt_ranges", "receipt_blocks", "receipts",
)
APPEND_ONLY = ("ledger_entries", "ledger_closings", "ledger_closing_balances")


@pytest.fixture(scope="session")
def payment_url(postgres: PostgreSQL) -> Iterator[str]:
    name = unique_name()
    url = postgres.create_database(name)
    migrate(url, "payment")
    yield url
    postgres.drop_database(name)


@pytest.fixture
def database(payment_url: str) -> Iterator[Database]:
    database = Database(payment_url, "payment", pool_size=20)
    empty(database)
    yield database
    database.dispose()


@pytest.fixture
def clock() -> FixedClock:
    return fixed_clock()


@pytest.fixture
def channels() -> FakeChannels:
    return FakeChannels()


@pytest.fixture
def channel(channels: FakeChannels) -> FakeChannel:
    return channels.sandbox


@pytest.fixture
def recorded() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def transactions(
    database: Database, clock: FixedClock, recorded: list[dict[str, Any]], channels: FakeChannels, tmp_path: Path
) -> SqlTransactions:
    return SqlTransactions(database, clock, recorded, channels, tmp_path)


def empty(database: Database) -> None:
    """Only the owner can, and only after taking the guards away."""
    with database.transaction(["*"]) as session:
        for table in APPEND_ONLY:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            session.execute(text(f"GRANT TRUNCATE ON {table} TO CURRENT_USER"))
        session.execute(text(f"TRUNCATE {', '.join(TABLES)}"))
        for table in APPEND_ONLY:
            session.execute(text(f"REVOKE TRUNCATE ON {table} FROM CURRENT_USER"))
            session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
