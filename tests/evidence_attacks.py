"""Attacks on an evidence log by somebody who owns the database server, but does not have the service's keys."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, text

from shared_components.evidence_log.merkle import leaf_hash

TABLES = ("evidence_records", "evidence_leaves", "evidence_segments", "evidence_heads")
# Where a finding points: at the attacked segment, at the one after it, or at the one before the log's last.
HERE, NEXT, BEFORE_LAST = "here", "next", "before last"
_FORGED = b'{"forged": true}'


class Attacker:
    """No trigger and no right holds them. schema: the service's."""

    def __init__(self, engine: Engine, schema: str) -> None:
        self._engine, self._schema = engine, schema

    def run(self, *statements: str, **values: Any) -> None:
        """Run SQL in one transaction."""
        self.run_each([(statement, values) for statement in statements])

    def run_each(self, statements: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Run statements in one transaction, each with its values."""
        with self._engine.begin() as connection, self._unhindered(connection):
            for statement, values in statements:
                connection.execute(text(statement), values)

    def rows(self, query: str, **values: Any) -> list[Any]:
        with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SET search_path = {self._schema}"))
            return list(connection.execute(text(query), values))

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _unhindered(self, connection: Connection) -> Iterator[None]:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET search_path = {self._schema}; SET session_replication_role = replica"))
            yield
            return
        triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _ in triggers:
            connection.execute(text(f"DROP TRIGGER {name}"))
        yield
        for _, sql in triggers:
            connection.exec_driver_sql(sql)


@dataclass(frozen=True)
class Attack:
    """SQL, and what a verifier must find afterwards: (kind, place), each as often as it is named.

    Values: b, c (two records of one segment) at places place_b and place_c, number of their segment; last segment and
    its first place; forged contents.
    """

    statements: tuple[str, ...]
    found: tuple[tuple[str, str], ...]


ATTACKS = {
    "content edited": Attack(
        ("UPDATE evidence_records SET body = :forged WHERE record_id = :b",), (("record-edited", HERE),)),
    "content and hash edited": Attack(
        ("UPDATE evidence_records SET body = :forged WHERE record_id = :b",
         "UPDATE evidence_leaves SET leaf_hash = :forged_hash WHERE record_id = :b"), (("record-edited", HERE),)),
    "column edited": Attack(
        ("UPDATE evidence_records SET about = 'doc_2' WHERE record_id = :b",), (("record-edited", HERE),)),
    "record deleted": Attack(
        ("DELETE FROM evidence_records WHERE record_id = :b",), (("record-deleted", HERE),)),
    "record and leaf deleted": Attack(
        ("DELETE FROM evidence_records WHERE record_id = :b", "DELETE FROM evidence_leaves WHERE record_id = :b"),
        (("leaf-deleted", HERE),)),
    "two records exchanged": Attack(
        ("UPDATE evidence_leaves SET record_id = 'x' WHERE record_id = :b",
         "UPDATE evidence_leaves SET record_id = :b WHERE record_id = :c",
         "UPDATE evidence_leaves SET record_id = :c WHERE record_id = 'x'"),
        (("record-moved", HERE), ("record-moved", HERE))),
    "two leaves exchanged": Attack(
        ("UPDATE evidence_leaves SET leaf_index = -1 WHERE record_id = :b",
         "UPDATE evidence_leaves SET leaf_index = :place_b WHERE record_id = :c",
         "UPDATE evidence_leaves SET leaf_index = :place_c WHERE leaf_index = -1"), (("records-reordered", HERE),)),
    "hash edited": Attack(
        ("UPDATE evidence_leaves SET leaf_hash = :forged_hash WHERE record_id = :b",), (("leaf-edited", HERE),)),
    "segment deleted": Attack(
        ("DELETE FROM evidence_segments WHERE number = :number",), (("segment-deleted", HERE),)),
    "statement edited": Attack(
        ("UPDATE evidence_segments SET statement = :statement WHERE number = :number",), (("segment-edited", HERE),)),
    "head edited": Attack(
        ("UPDATE evidence_segments SET head = :forged_hash WHERE number = :number",),
        (("signature-wrong", HERE), ("segment-edited", HERE), ("segment-edited", NEXT))),
    "signature of another": Attack(
        ("UPDATE evidence_segments SET signature = (SELECT signature FROM evidence_segments WHERE number = 1) "
         "WHERE number = :number",), (("signature-wrong", HERE),)),
    "key of another": Attack(
        ("UPDATE evidence_segments SET key_id = 'evidence/other/9' WHERE number = :number",),
        (("key-unknown", HERE), ("segment-edited", HERE))),
    "end cut": Attack(
        ("DELETE FROM evidence_segments WHERE number = :last",
         "DELETE FROM evidence_records WHERE record_id IN "
         "(SELECT record_id FROM evidence_leaves WHERE leaf_index >= :last_first)",
         "DELETE FROM evidence_leaves WHERE leaf_index >= :last_first"), (("tail-cut", BEFORE_LAST),)),
}


@dataclass(frozen=True)
class _Target:
    number: int
    last: int
    values: Mapping[str, Any]


class AttackedLog:
    """One owner's log: attacked, and brought back to what it was."""

    def __init__(self, attacker: Attacker) -> None:
        self._attacker = attacker
        self._before = {table: attacker.rows(f"SELECT * FROM {table}") for table in TABLES}  # noqa: S608
        self._target = _target(attacker)

    def run(self, name: str) -> list[tuple[str, int]]:
        """Attack; gives what is to be found: (kind, segment)."""
        self._attacker.run(*ATTACKS[name].statements, **self._target.values)
        places = {HERE: self._target.number, NEXT: self._target.number + 1, BEFORE_LAST: self._target.last - 1}
        return [(kind, places[place]) for kind, place in ATTACKS[name].found]

    def restore(self) -> None:
        statements: list[tuple[str, Mapping[str, Any]]] = []
        for table, rows in self._before.items():
            statements.append((f"DELETE FROM {table}", {}))  # noqa: S608
            for row in rows:
                names = ", ".join(f":{name}" for name in row._fields)
                statements.append((f"INSERT INTO {table} VALUES ({names})", row._mapping))  # noqa: S608
        self._attacker.run_each(statements)


def _target(attacker: Attacker) -> _Target:
    """Two records beside each other in one segment that is neither the first nor the last."""
    import json

    statements = [json.loads(bytes(row[0])) for row in attacker.rows(
        "SELECT statement FROM evidence_segments ORDER BY number")]
    segment = next(one for one in statements[1:-1] if one["count"] >= 2)
    first, last = segment["first"], statements[-1]
    records = attacker.rows(
        "SELECT record_id FROM evidence_leaves WHERE leaf_index IN (:first, :second) ORDER BY leaf_index",
        first=first, second=first + 1)
    forged = json.dumps({**segment, "version": 2}, sort_keys=True, separators=(",", ":")).encode()
    return _Target(segment["number"], last["number"], {
        "b": records[0][0], "c": records[1][0], "place_b": first, "place_c": first + 1, "number": segment["number"],
        "last": last["number"], "last_first": last["first"], "forged": _FORGED, "forged_hash": leaf_hash(_FORGED),
        "statement": forged})
