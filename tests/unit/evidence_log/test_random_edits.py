"""Whatever an attacker without the keys does to sealed rows, the verifier notices, or nothing has changed."""
from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from tests.unit.evidence_log.sealing_suite import sealed
from tests.unit.evidence_log.world import World

# table → its key and the columns that the attacker changes
TABLES = {
    "evidence_records": ("record_id", ("body", "owner", "action", "about", "at")),
    "evidence_leaves": ("leaf_index", ("leaf_hash", "record_id", "leaf_index", "owner")),
    "evidence_segments": ("number", ("statement", "head", "key_id", "signature", "number", "owner")),
}
edits = st.one_of(*(
    st.tuples(st.just(table), st.integers(0, 5), st.sampled_from([*columns, "deleted"]), st.integers(0, 5))
    for table, (_, columns) in TABLES.items()))


def everything(world: World) -> list[Any]:
    return [world.attacker.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES]  # noqa: S608


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(edits, min_size=1, max_size=4))
@example([("evidence_leaves", 0, "leaf_index", 0), ("evidence_leaves", 1, "leaf_index", 1)])
@example([("evidence_segments", 2, "deleted", 0), ("evidence_leaves", 5, "deleted", 0)])
def test_no_edit_of_sealed_rows_goes_unnoticed(world: World, changes: list[tuple[str, int, str, int]]) -> None:
    if not world.heads():
        sealed(world, 2, 3, 1)
    before, kept = everything(world), world.heads()
    try:
        for change in changes:
            with suppress(IntegrityError):  # the table itself refuses the edit: nothing has changed
                edit(world, *change)
        changed = everything(world) != before
        assert bool(world.found("health", kept)) == changed, world.found("health", kept)
    finally:
        restore(world, before)
    assert world.found("health", kept) == []


def edit(world: World, table: str, place: int, column: str, source: int) -> None:
    """Copy a column from one row to another, or flip a bit of it where that says nothing new; or delete the row."""
    key, _ = TABLES[table]
    rows = world.attacker.rows(f"SELECT * FROM {table} ORDER BY {key}")  # noqa: S608
    if not rows:
        return
    row, other = rows[place % len(rows)], rows[source % len(rows)]
    condition = {"key": getattr(row, key)}
    if column == "deleted":
        world.attacker.run(f"DELETE FROM {table} WHERE {key} = :key", **condition)  # noqa: S608
        return
    value = getattr(other, column)
    if value == getattr(row, column) or column in (key, "record_id"):
        value = another(value)
    world.attacker.run(f"UPDATE {table} SET {column} = :value WHERE {key} = :key", value=value, **condition)  # noqa: S608


def another(value: Any) -> Any:
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:]
    return value + 1000 if isinstance(value, int) else value[:-1] + ("0" if value[-1] != "0" else "1")


def restore(world: World, tables: list[Any]) -> None:
    statements: list[tuple[str, Any]] = []
    for table, rows in zip(TABLES, tables, strict=True):
        statements.append((f"DELETE FROM {table}", {}))  # noqa: S608
        for row in rows:
            names = ", ".join(f":{name}" for name in row._fields)
            statements.append((f"INSERT INTO {table} VALUES ({names})", row._mapping))  # noqa: S608
    world.attacker.run_each(statements)
