"""Inserts are planned once a connection, whatever happens to the table, the transaction or the connection."""
from __future__ import annotations

import pytest
from sqlalchemy import event, text

from shared_components.db import Database, WriteRace, operations, outbox
from shared_components.devstack.servers import PostgreSQL
from tests.integration.db.test_postgresql import kill_sessions
from tests.unit.db.platform_suite import operation, waiting


def record(database: Database, number: int) -> None:
    with database.transaction(["health"]) as session:
        operations.find(session, [("gateway", "", "", f"op-{number}")])
        outbox.add(session, [waiting(number)])
        operations.record(session, [operation(number)])


def number_of_operations(database: Database) -> int:
    with database.reading(["health"]) as session:
        return int(session.execute(text("SELECT count(*) FROM operations")).scalar_one())


def prepared(database: Database) -> list[str]:
    """The insertions that the pooled connection has planned."""
    with database.reading() as session:
        return list(session.execute(text("SELECT statement FROM pg_prepared_statements")).scalars())


@pytest.fixture
def messages(database: Database) -> list[str]:
    sent: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda _c, _u, statement, *_: sent.append(statement))
    return sent


def test_a_connection_plans_an_insertion_once(database: Database, messages: list[str]) -> None:
    for number in range(3):
        record(database, number)
    assert [message.count("PREPARE ") for message in messages] == [0, 2, 0, 0, 0, 0]
    assert len(prepared(database)) == 2
    assert number_of_operations(database) == 3


def test_a_message_that_failed_half_way_leaves_a_connection_that_can_insert(database: Database) -> None:
    """Its first statement is prepared by then, and nobody has said so."""
    record(database, 1)
    with pytest.raises(WriteRace), database.transaction(["health"]) as session:
        outbox.add(session, [{key: value for key, value in waiting(2).items() if key != "traceparent"}])
        operations.record(session, [operation(1)])
    for number in (2, 3):
        record(database, number)
    assert number_of_operations(database) == 3


def test_a_plan_follows_a_table_that_was_changed(database: Database) -> None:
    record(database, 1)
    with database.transaction() as session:
        session.execute(text("ALTER TABLE operations ADD COLUMN note text NOT NULL DEFAULT 'none'"))
    record(database, 2)
    with database.reading() as session:
        assert session.execute(text("SELECT note FROM operations")).scalars().all() == ["none", "none"]


def test_a_new_connection_plans_anew(database: Database, postgres: PostgreSQL) -> None:
    record(database, 1)
    kill_sessions(postgres, database)
    record(database, 2)
    assert number_of_operations(database) == 2
    assert len(prepared(database)) == 2
