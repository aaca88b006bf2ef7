"""Row security, limits and lost connections on a real server."""
from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import exc, text

from shared_components.db import (
    ALL_TENANTS,
    CommitUnknown,
    Database,
    DatabaseBusy,
    DatabaseSettingsError,
    DatabaseUnavailable,
    migrate,
    pending,
)
from shared_components.devstack.servers import PostgreSQL

INSERT = text("INSERT INTO notes VALUES (:id, :tenant, '')")


def add_note(database: Database, note: str, tenant: str, tenants: tuple[str, ...]) -> None:
    with database.transaction(tenants) as session:
        session.execute(INSERT, {"id": note, "tenant": tenant})


def seen(database: Database, tenants: tuple[str, ...]) -> set[str]:
    with database.reading(tenants) as session:
        return set(session.scalars(text("SELECT id FROM notes")))


def kill_sessions(postgres: PostgreSQL, database: Database) -> None:
    postgres.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'zhongtai-notes' "  # noqa: S608 -- a name that the fixture made
        f"AND datname = '{database.url.database}'"
    )


def test_a_transaction_sees_only_the_rows_of_its_tenants(database: Database) -> None:
    add_note(database, "h", "health", ("health",))
    add_note(database, "p", "police", ("police",))
    assert seen(database, ("health",)) == {"h"}
    assert seen(database, ("health", "police")) == {"h", "p"}
    assert seen(database, ALL_TENANTS) == {"h", "p"}
    assert seen(database, ()) == set()
    assert seen(database, ("heal",)) == set()


def test_a_row_of_another_tenant_cannot_be_written(database: Database) -> None:
    with pytest.raises(exc.ProgrammingError, match="row-level security"):
        add_note(database, "p", "police", ("health",))
    add_note(database, "h", "health", ("health",))
    with database.transaction(["police"]) as session:
        changed = session.execute(text("UPDATE notes SET body = 'changed' WHERE id = 'h'"))
        assert changed.rowcount == 0  # type: ignore[attr-defined]


def test_a_tenant_that_would_be_two_is_refused(database: Database) -> None:
    with pytest.raises(DatabaseSettingsError, match="only letters"), database.transaction(["health,police"]):
        pass
    with pytest.raises(DatabaseSettingsError, match="only a list or set"), database.transaction("health"):
        pass


def test_the_role_of_the_tests_is_one_that_row_security_binds(database: Database) -> None:
    with database.reading() as session:
        bound = session.execute(text("SELECT NOT (rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname = user"))
        assert bound.scalar_one()


def test_a_write_in_a_reading_is_refused(database: Database) -> None:
    with pytest.raises(exc.InternalError, match="read-only"), database.reading(["health"]) as session:
        session.execute(INSERT, {"id": "x", "tenant": "health"})
    add_note(database, "after", "health", ("health",))


def test_a_slow_statement_is_ended_by_the_server(database: Database) -> None:
    with pytest.raises(DatabaseBusy), database.reading() as session:
        session.execute(text("SELECT pg_sleep(5)"))
    database.ping()


def test_a_lock_is_not_waited_for_longer_than_allowed(database: Database) -> None:
    with database.transaction(["health"]) as first:
        first.execute(INSERT, {"id": "same", "tenant": "health"})
        started = time.monotonic()
        with pytest.raises(DatabaseBusy):
            add_note(database, "same", "health", ("health",))
        assert time.monotonic() - started < 2


def test_a_deadlock_tells_the_loser_to_run_again(database: Database) -> None:
    # the deadlock detector's 1 s would lose against lock_timeout 0.5 s: the typed answer is the same kind either way
    for note in ("a", "b"):
        add_note(database, note, "health", ("health",))
    meet = threading.Barrier(2)

    def cross(order: str) -> str:
        try:
            with database.transaction(["health"]) as session:
                for note in order:
                    session.execute(text("UPDATE notes SET body = 'x' WHERE id = :id"), {"id": note})
                    if note == order[0]:
                        meet.wait()
        except DatabaseBusy as error:
            return error.category
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(cross, ["ab", "ba"])) <= {"unavailable", "done"}


def test_an_empty_pool_answers_busy(database: Database) -> None:
    with database.transaction(), database.transaction(), database.transaction(), pytest.raises(DatabaseBusy):
        database.ping()
    database.ping()


def test_connections_that_died_while_they_were_idle_are_replaced_unnoticed(
    database: Database, postgres: PostgreSQL
) -> None:
    with database.transaction(), database.transaction():
        pass
    kill_sessions(postgres, database)
    add_note(database, "h", "health", ("health",))
    assert seen(database, ("health",)) == {"h"}


def test_a_connection_lost_within_a_transaction_is_unavailable_and_nothing_was_done(
    database: Database, postgres: PostgreSQL
) -> None:
    with pytest.raises(DatabaseUnavailable) as caught, database.transaction(["health"]) as session:
        session.execute(INSERT, {"id": "lost", "tenant": "health"})
        kill_sessions(postgres, database)
        session.execute(INSERT, {"id": "lost too", "tenant": "health"})
    assert caught.value.details["retry_after_s"] > 0
    assert seen(database, ("health",)) == set()


def test_a_connection_lost_at_the_commit_is_an_unknown_outcome(database: Database, postgres: PostgreSQL) -> None:
    with pytest.raises(CommitUnknown), database.transaction(["health"]) as session:
        session.execute(INSERT, {"id": "perhaps", "tenant": "health"})
        kill_sessions(postgres, database)
    database.ping()


def test_a_server_that_is_away_is_unavailable() -> None:
    away = Database("postgresql://nobody@127.0.0.1:1/none", "notes", connect_timeout_s=2)
    with pytest.raises(DatabaseUnavailable) as caught:
        away.ping()
    assert "127.0.0.1" not in caught.value.message


def test_every_limit_reaches_the_server(database: Database) -> None:
    with database.reading() as session:
        found = {
            name: session.execute(text(f"SHOW {name}")).scalar_one()
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "search_path",
                         "TimeZone", "transaction_read_only")
        }
    assert found == {
        "statement_timeout": "1s", "lock_timeout": "500ms", "idle_in_transaction_session_timeout": "30s",
        "search_path": "notes", "TimeZone": "UTC",
        "transaction_read_only": "on",
    }


def test_migrators_at_once_run_each_migration_once(postgres_url: str, notes_package: str) -> None:
    code = (
        "from shared_components.db import migrate; "
        f"print(migrate({postgres_url!r}, 'notes', package={notes_package!r}))"
    )
    path = ":".join(sys.path)
    runs = [
        subprocess.Popen([sys.executable, "-c", code], env={"PYTHONPATH": path}, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    outputs = sorted(run.communicate(timeout=60)[0].strip() for run in runs)
    assert outputs == ["['0001']", "[]", "[]"]
    assert pending(postgres_url, "notes", package=notes_package) == []


def test_services_share_a_database_in_schemas_of_their_own(postgres_url: str, notes_package: str) -> None:
    for service in ("notes", "memos"):
        assert migrate(postgres_url, service, package=notes_package) == ["0001"]
    notes, memos = Database(postgres_url, "notes"), Database(postgres_url, "memos")
    add_note(notes, "n", "health", ("health",))
    assert seen(memos, ALL_TENANTS) == set()
    notes.dispose()
    memos.dispose()
