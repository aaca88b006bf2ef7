"""The second wall: a group reads more than it writes, and no row of another department is locked or changed."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection

from shared_components.db import ALL_TENANTS, Database, DatabaseSettingsError, separate_policies
from shared_components.security.authority import Reach
from tests.unit.db.platform_suite import counted

NOTES = [
    ("own", "health", "s1", "app-health"), ("of_s1", "police", "s1", "app-police"),
    ("of_s2", "police", "s2", "app-police"), ("made_by_health", "police", "s3", "app-health"),
    ("granted", "tax", "s4", "app-tax"),
]
HEALTH = Reach(frozenset({"health"}))


class Operations:
    """As migrations have them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_bind(self) -> Connection:
        return self._connection

    def execute(self, statement: str) -> None:
        self._connection.execute(text(statement))


@pytest.fixture
def walls(database: Database) -> Database:
    with database.transaction(ALL_TENANTS) as session:
        operations: Any = Operations(session.connection())
        operations.execute("ALTER TABLE notes ADD COLUMN app varchar(64)")
        separate_policies(operations, "notes", subjects=["body"], maker="app")
        for note, tenant, subject, app in NOTES:
            session.execute(text("INSERT INTO notes VALUES (:note, :tenant, :subject, :app)"), {
                "note": note, "tenant": tenant, "subject": subject, "app": app})
    return database


def run(database: Database, reach: Any, statement: str) -> set[str]:
    with database.transaction(reach) as session:
        return set(session.execute(text(statement)).scalars())


@pytest.mark.parametrize(("reach", "seen"), [
    (HEALTH, {"own"}),
    (HEALTH._replace(subjects=frozenset({"s1"})), {"own", "of_s1"}),
    (HEALTH._replace(subjects=frozenset({"s1", "s2"})), {"own", "of_s1", "of_s2"}),
    (HEALTH._replace(apps=frozenset({"app-health"})), {"own", "made_by_health"}),
    (HEALTH._replace(read_tenants=frozenset({"tax"})), {"own", "granted"}),
    (Reach(frozenset()), set()),
    (["health"], {"own"}),
    (ALL_TENANTS, {note for note, *_ in NOTES}),
])
def test_a_group_reads_what_its_calls_may_reach(walls: Database, reach: Any, seen: set[str]) -> None:
    assert run(walls, reach, "SELECT id FROM notes") == seen


WIDE = Reach(frozenset({"health"}), frozenset({"tax"}), frozenset({"s1", "s2"}), frozenset({"app-health"}))


def test_what_is_read_of_another_department_is_never_locked_or_changed(walls: Database) -> None:
    assert run(walls, WIDE, "SELECT id FROM notes") == {note for note, *_ in NOTES}
    assert run(walls, WIDE, "SELECT id FROM notes FOR UPDATE") == {"own"}
    assert run(walls, WIDE, "SELECT id FROM notes FOR SHARE") == {"own"}
    assert run(walls, WIDE, "UPDATE notes SET body = 'changed' RETURNING id") == {"own"}
    assert run(walls, WIDE, "DELETE FROM notes RETURNING id") == {"own"}
    assert len(run(walls, ALL_TENANTS, "SELECT id FROM notes")) == len(NOTES) - 1


@pytest.mark.parametrize("tenant", ["police", "tax"])
def test_no_row_is_added_to_another_department(walls: Database, tenant: str) -> None:
    with pytest.raises(Exception, match="row-level security"), walls.transaction(WIDE) as session:
        session.execute(text("INSERT INTO notes VALUES ('new', :tenant, 's1', 'app-health')"), {"tenant": tenant})


def test_what_a_group_reaches_ends_with_its_transaction(walls: Database) -> None:
    run(walls, WIDE, "SELECT id FROM notes")
    assert run(walls, HEALTH, "SELECT id FROM notes") == {"own"}


def test_the_reach_travels_with_the_first_statement_and_settings_are_read_once(walls: Database) -> None:
    with counted(walls) as statements:
        run(walls, WIDE, "SELECT id FROM notes")
    assert len(statements) <= 2, "BEGIN, settings and the statement are one message; COMMIT may be another"
    plan = "\n".join(run_plan(walls))
    assert plan.count("InitPlan") >= 4 and "current_setting" in plan
    filters = [line for line in plan.splitlines() if "Filter:" in line]
    assert filters and not any("current_setting" in line for line in filters)


def run_plan(database: Database) -> list[str]:
    with database.reading(WIDE) as session:
        return list(session.execute(text("EXPLAIN (VERBOSE) SELECT id FROM notes")).scalars())


@pytest.mark.parametrize("value", ["a,b", "*", "", "a'b", "a b", "x" * 129])
@pytest.mark.parametrize("name", ["read_tenants", "subjects", "apps"])
def test_a_value_that_would_be_several_or_all_is_refused(database: Database, name: str, value: str) -> None:
    changes: dict[str, Any] = {name: frozenset({value})}
    with pytest.raises(DatabaseSettingsError), database.reading(HEALTH._replace(**changes)):
        pass
