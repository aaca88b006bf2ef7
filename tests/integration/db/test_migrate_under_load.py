"""Migrations of tables that running transactions use."""
from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from importlib import import_module

import pytest
from sqlalchemy import text

from shared_components.db import Database, DatabaseBusy, migrate

SERVICE, BEFORE, AFTER = "notification", "0004", "0005"


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    """As it was before the migration that changes the policies of templates, recipients and messages, in that order."""
    migrate(postgres_url, SERVICE, to=BEFORE)
    database = Database(postgres_url, SERVICE, pool_size=3, lock_timeout_s=20)
    yield database
    database.dispose()


def begun(url: str) -> tuple[threading.Thread, list[object]]:
    found: list[object] = []

    def run() -> None:
        try:
            found.append(migrate(url, SERVICE, to=AFTER))
        except Exception as error:
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, found


def wait_for_a_waiting_lock(database: Database) -> None:
    with database.engine.connect() as connection:
        for _ in range(200):
            waiting = connection.scalar(text(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"))
            connection.rollback()
            if waiting:
                return
            time.sleep(0.02)
    raise AssertionError("the migration waits for no lock")


def test_a_migration_that_meets_a_running_transaction_crosswise_is_run_again(
    database: Database, postgres_url: str,
) -> None:
    with database.transaction(["t"]) as session:
        session.execute(text("SELECT count(*) FROM messages"))
        thread, found = begun(postgres_url)
        wait_for_a_waiting_lock(database)
        session.execute(text("SELECT count(*) FROM templates"))
    thread.join(30)
    assert found == [[AFTER]]


def test_calls_wait_little_while_a_migration_waits_for_a_long_transaction(
    database: Database, postgres_url: str,
) -> None:
    slowest = 0.0
    with database.transaction(["t"]) as long_one:
        long_one.execute(text("SELECT count(*) FROM messages"))
        thread, found = begun(postgres_url)
        wait_for_a_waiting_lock(database)
        until = time.monotonic() + 4
        while time.monotonic() < until:
            began = time.monotonic()
            with database.transaction(["t"]) as session:
                session.execute(text("SELECT count(*) FROM messages"))
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.02)
    thread.join(30)
    assert found == [[AFTER]]
    assert slowest < 1.5


def test_a_migration_gives_up_when_a_transaction_never_ends(
    database: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(import_module("shared_components.db.migrate"), "PATIENCE_S", 1.0)
    with database.transaction(["t"]) as session:
        session.execute(text("SELECT count(*) FROM messages"))
        with pytest.raises(DatabaseBusy):
            migrate(postgres_url, SERVICE)
