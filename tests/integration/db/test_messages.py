"""How many messages a transaction sends to PostgreSQL: they are most of a lone call's time."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg2.extensions import TRANSACTION_STATUS_INTRANS
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, event, text
from sqlalchemy.exc import DataError, ProgrammingError
from sqlalchemy.orm import registry

from shared_components.db import (
    ALL_TENANTS,
    Database,
    DatabaseUnavailable,
    Json,
    UtcDateTime,
    WriteRace,
    insert_later,
    operations,
    outbox,
)
from shared_components.devstack.servers import PostgreSQL
from tests.integration.db.test_postgresql import kill_sessions
from tests.unit.db.platform_suite import NOW, operation, waiting

THINGS = Table(
    "things", MetaData(), Column("name", String(9)), Column("secret", LargeBinary), Column("more", Json),
    Column("at", UtcDateTime),
)  # fmt: skip


class Thing:
    """For a session that keeps objects."""

    def __init__(self, name: str) -> None:
        self.name = name


registry().map_imperatively(Thing, THINGS, primary_key=[THINGS.c.name])
ODD = {"name": "号'\"\\%s", "secret": bytes(range(256)), "more": {"n": [1, None, "\\u0041"]}, "at": NOW}


@contextmanager
def sent(database: Database) -> Iterator[list[str]]:
    """Every message of the block, COMMIT and ROLLBACK included."""
    messages: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        messages.append(statement)

    event.listen(database.engine, "after_cursor_execute", note)
    yield messages
    event.remove(database.engine, "after_cursor_execute", note)


@pytest.fixture
def things(database: Database) -> Database:
    with database.transaction() as session:
        session.execute(text("CREATE TABLE things (name varchar(9), secret bytea, more jsonb, at timestamptz)"))
    return database


def test_a_mutating_group_is_two_messages_whatever_its_size(database: Database) -> None:
    for size in (1, 256):
        group = [operation(number + size * 1000) for number in range(size)]
        with sent(database) as messages, database.transaction(["health"]) as session:
            operations.find(session, [(one["caller"], "", "", one["op_id"]) for one in group])
            operations.record(session, group)
            outbox.add(session, [waiting(number + size * 1000) for number in range(size)])
        assert len(messages) == 2
        assert "INSERT INTO \"operations\"" in messages[1] if size == 1 else messages[1].startswith("EXECUTE ")
        assert messages[0].startswith("BEGIN; SET LOCAL zhongtai.tenants = 'health'; SELECT caller")
        assert messages[-1].endswith("; COMMIT")


def test_a_unit_that_does_nothing_sends_nothing(database: Database) -> None:
    with sent(database) as messages, database.transaction(["health"]):
        pass
    assert messages == []


def test_who_writes_past_the_session_finds_the_transaction_open(database: Database) -> None:
    with database.transaction(["health"]) as session:
        driver: Any = session.connection().connection.dbapi_connection
        assert driver.info.transaction_status == TRANSACTION_STATUS_INTRANS


def test_a_deletion_that_may_be_done_again_is_two_messages(database: Database) -> None:
    with sent(database) as messages, database.transaction(ALL_TENANTS, repeatable=True) as session:
        outbox.delete(session, ["evt_1"])
    assert [message.split("; ")[-1].split(" ")[0] for message in messages] == ["DELETE", "COMMIT"]
    assert messages[0].startswith("BEGIN; SET LOCAL zhongtai.tenants = '*'; SET LOCAL synchronous_commit = off; ")


def test_a_unit_that_only_inserts_asks_first_whether_the_connection_lives(
    database: Database, postgres: PostgreSQL
) -> None:
    """A connection that died in the pool would leave the outcome of the commit unknown."""
    database.ping()
    kill_sessions(postgres, database)
    with database.transaction() as session:
        operations.record(session, [operation(1)])
    with database.reading() as session:
        assert len(operations.find(session, [("gateway", "", "", "op-1")])) == 1


def test_objects_of_the_session_are_not_lost_with_a_connection_that_died_in_the_pool(
    things: Database, postgres: PostgreSQL
) -> None:
    things.ping()
    kill_sessions(postgres, things)
    with pytest.raises(DatabaseUnavailable), things.transaction() as session:
        session.add(Thing(name="a"))
        session.execute(text("SELECT 1"))
    with things.transaction() as session:
        session.add(Thing(name="a"))
        session.execute(text("SELECT 1"))
    with things.reading() as session:
        assert session.execute(text("SELECT count(*) FROM things")).scalar_one() == 1


def test_rows_arrive_as_they_were_given(things: Database) -> None:
    rows: list[Mapping[str, Any]] = [ODD, {"name": None, "secret": None, "more": {}, "at": None}]
    with things.transaction() as session:
        insert_later(session, THINGS, rows)
    with things.reading() as session:
        assert [dict(row._mapping) for row in session.execute(THINGS.select())] == [
            {**row, "secret": row["secret"] and bytes(row["secret"])} for row in rows]


def test_a_statement_finds_the_rows_that_were_given_before_it(things: Database) -> None:
    with things.transaction() as session:
        insert_later(session, THINGS, [ODD])
        assert session.execute(text("SELECT count(*) FROM things")).scalar_one() == 1


def test_a_unit_that_raises_leaves_nothing(things: Database) -> None:
    with pytest.raises(ZeroDivisionError), things.transaction() as session:
        insert_later(session, THINGS, [ODD])
        session.execute(text("SELECT 1"))
        raise ZeroDivisionError
    with things.reading() as session:
        assert session.execute(text("SELECT count(*) FROM things")).scalar_one() == 0


def test_what_does_not_fit_undoes_the_whole_message(things: Database) -> None:
    with pytest.raises(DataError), things.transaction() as session:
        operations.record(session, [operation(1)])
        insert_later(session, THINGS, [{**ODD, "name": "much too long"}])
    with things.transaction() as session:
        assert operations.find(session, [("gateway", "", "", "op-1")]) == {}


def test_a_naive_time_is_refused(things: Database) -> None:
    with pytest.raises(ValueError, match=r"things\.at is naive"), things.transaction() as session:
        insert_later(session, THINGS, [{**ODD, "at": datetime(2026, 1, 1)}])  # noqa: DTZ001


def test_a_race_is_told_by_the_table_that_it_was_about(database: Database) -> None:
    with database.transaction() as session:
        operations.record(session, [operation(1)])
    with pytest.raises(WriteRace, match="operation of the group"), database.transaction() as session:
        outbox.add(session, [waiting(1)])
        operations.record(session, [operation(1)])


def test_a_failure_that_was_passed_over_cannot_be_committed(database: Database) -> None:
    with pytest.raises(RuntimeError, match="nothing is committed"), database.transaction() as session:
        pass_over(lambda: session.execute(text("SELECT * FROM nowhere")))


def pass_over(run: Callable[[], object]) -> None:
    with pytest.raises(ProgrammingError, match="nowhere"):
        run()


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match="read-only transaction"), database.reading() as session:
        session.execute(text("DELETE FROM outbox"))


def test_a_pooled_connection_has_no_open_transaction(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as session:
        session.execute(text("SELECT 1"))
        raise ZeroDivisionError
    with database.engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        assert driver.info.transaction_status == 0


def test_times_are_kept_to_the_microsecond(things: Database) -> None:
    at = datetime(2026, 2, 3, 4, 5, 6, 789012, tzinfo=UTC)
    with things.transaction() as session:
        insert_later(session, THINGS, [{**ODD, "at": at}])
    with things.reading() as session:
        assert session.execute(THINGS.select()).one().at == at
