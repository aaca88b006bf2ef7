"""Transactions, limits and typed failures on SQLite."""
from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import exc, text

from shared_components.db import (
    Database,
    DatabaseBusy,
    DatabaseSettingsError,
    DatabaseUnavailable,
    KeyTaken,
    UtcDateTime,
)
from shared_components.db.settings import service_url


def write_note(database: Database, note: str) -> None:
    with database.transaction(["health"]) as session:
        session.execute(text("INSERT INTO notes VALUES (:id, 'health', '')"), {"id": note})


def count_notes(database: Database) -> int:
    with database.reading() as session:
        return int(session.execute(text("SELECT count(*) FROM notes")).scalar_one())


def test_a_transaction_is_kept_when_its_block_ends_and_undone_when_it_raises(database: Database) -> None:
    write_note(database, "kept")
    with pytest.raises(RuntimeError), database.transaction() as session:
        session.execute(text("INSERT INTO notes VALUES ('undone', 'health', '')"))
        raise RuntimeError
    assert count_notes(database) == 1


def test_a_write_in_a_reading_is_refused(database: Database) -> None:
    with pytest.raises(exc.OperationalError), database.reading() as session:
        session.execute(text("INSERT INTO notes VALUES ('x', 'health', '')"))
    write_note(database, "after")  # the pooled connection is writable again
    assert count_notes(database) == 1


def test_writers_of_one_file_wait_for_each_other_and_all_succeed(database: Database, url: str) -> None:
    other = Database(url, "notes")
    threads = [
        threading.Thread(target=write_note, args=((database, other)[number % 2], f"n{number}")) for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.dispose()
    assert count_notes(database) == 20


def test_a_reader_is_served_while_a_writer_is_at_work(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("INSERT INTO notes VALUES ('open', 'health', '')"))
        assert count_notes(database) == 0


def test_a_second_writer_is_told_to_come_back_when_the_first_takes_too_long(database: Database) -> None:
    with database.transaction(), pytest.raises(DatabaseBusy) as caught, database.transaction():
        pass
    assert caught.value.details["retry_after_s"] > 0


def test_a_file_locked_by_another_process_is_busy(database: Database, url: str) -> None:
    import sqlite3

    other = sqlite3.connect(str(database.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy), database.transaction():
        pass
    other.close()
    write_note(database, "free again")


def test_a_folder_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "x-notes.db").mkdir()
    with pytest.raises(DatabaseUnavailable):
        Database(f"sqlite:///{tmp_path}/x.db", "notes").ping()


def test_an_error_text_holds_no_parameters(database: Database) -> None:
    write_note(database, "one")
    with pytest.raises(KeyTaken) as caught, database.transaction() as session:
        session.execute(text("INSERT INTO notes VALUES ('one', 'health', :body)"), {"body": "canary-personal"})
    assert "canary-personal" not in str(caught.value)


def test_foreign_keys_are_on(database: Database) -> None:
    with database.reading() as session:
        assert session.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://h/db", "allowed are postgresql"),
        ("nonsense", "cannot be read"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_a_url_that_cannot_be_used_says_what_is_allowed(url: str, words: str) -> None:
    with pytest.raises(DatabaseSettingsError, match=words):
        Database(url, "notes")


def test_every_service_has_its_own_file_and_postgresql_is_reached_by_psycopg2() -> None:
    assert service_url("sqlite:///var/zhongtai.db", "payment").database == "var/zhongtai-payment.db"
    assert service_url("postgresql://h/db", "payment").drivername == "postgresql+psycopg2"


@pytest.mark.parametrize("limits", [{"pool": 1}, {"pool_size": -1}, {"pool_size": 1.5}, {"lock_timeout_s": "5"}])
def test_a_wrong_limit_names_its_key(limits: dict[str, object], url: str) -> None:
    with pytest.raises(DatabaseSettingsError, match=next(iter(limits))):
        Database(url, "notes", **limits)


def test_a_service_that_cannot_be_a_schema_is_refused(url: str) -> None:
    with pytest.raises(DatabaseSettingsError, match="lowercase"):
        Database(url, "notes; DROP")


def test_times_come_back_aware_in_utc_and_naive_ones_are_refused(database: Database) -> None:
    column = UtcDateTime()
    local = datetime(2026, 5, 1, 8, 0, tzinfo=timezone(timedelta(hours=8)))
    dialect = database.engine.dialect
    stored = column.process_bind_param(local, dialect)
    assert stored == datetime(2026, 5, 1, tzinfo=UTC)
    assert column.process_result_value(stored.replace(tzinfo=None), dialect) == local
    with pytest.raises(ValueError, match="naive"):
        column.process_bind_param(datetime(2026, 5, 1), dialect)  # noqa: DTZ001
