"""Histories of cases: what stood in matter's tables after each commit, and what components had been asked by then.

`python -m tests.unit.matter.histories` adds the histories of today's code to `recorded/`, in a file for each story.
Those of older code stay as they are: running cases of that time go on with new code.
"""
from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, LargeBinary, Table, insert, select

from services.matter.cases.adapters.tables import CASES, STEPS, TIMELINE
from services.matter.cases.domain import states
from services.matter.definitions.adapters.definitions import DEFINITIONS
from services.matter.steps.adapters.callbacks import CALLBACKS
from services.matter.transaction import SqlMatterTransaction
from shared_components.db import ALL_TENANTS, Database, UtcDateTime, migrate
from shared_components.kernel.clock import FixedClock
from tests.unit.matter.bench import NOW, Bench
from tests.unit.matter.fakes import World
from tests.unit.matter.memory import MOST_AT_ONCE
from tests.unit.matter.sql import SqlTransactions

FOLDER = Path(__file__).with_name("recorded")
CASE_TABLES: Mapping[str, Table] = {
    "cases": CASES, "steps": STEPS, "timeline": TIMELINE, "callbacks": CALLBACKS}
STORIES = ("granted", "refused", "withdrawn")
KEPT_OF_WORLD = ("subjects", "licences", "orders", "refunds", "parcels")
LEASE_S = 91
Row = dict[str, Any]


class RecordingTransactions(SqlTransactions):
    """Notes the tables after each commit of a bench."""

    bench: Bench | None = None

    def __init__(self, database: Database, clock: FixedClock, keys: Path) -> None:
        super().__init__(database, clock, keys)
        self.points: list[Row] = []

    @contextmanager
    def begin_for(self, tenants: Collection[str]) -> Iterator[SqlMatterTransaction]:
        with super().begin_for(tenants) as tx:
            yield tx
        if self.bench is not None:
            self._note(self.bench.world, self.outbox[self.bench.handled:])

    def _note(self, world: World, due: Sequence[Any]) -> None:
        tables = {name: rows_of(self, table) for name, table in CASE_TABLES.items()}
        point = {
            "at": self.clock.now().isoformat(), "tables": tables, "due": due,
            "world": {name: getattr(world, name) for name in KEPT_OF_WORLD},
            "replies": [[op_id, *answered] for op_id, answered in world.replies.items()]}
        if tables["cases"] and (not self.points or tables != self.points[-1]["tables"]):
            self.points.append(json.loads(json.dumps(point, ensure_ascii=False, default=str)))


def rows_of(transactions: SqlTransactions, table: Table) -> list[Row]:
    """The rows of a table, ciphertexts as what they hold."""
    with transactions.database.reading(ALL_TENANTS) as session:
        found = [dict(row._mapping) for row in session.execute(select(table).order_by(*table.primary_key))]
    return [{name: _told(transactions, row, name, value) for name, value in row.items()} for row in found]


def _told(transactions: SqlTransactions, row: Row, name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return json.loads(transactions.secrets.fields.decrypt(value, aad=_bound_to(row, name)))
    return value.isoformat() if isinstance(value, datetime) else value


def _bound_to(row: Row, name: str) -> str:
    return f"{row.get('step_id') or row['case_id']}/{name}"


def write_rows(transactions: SqlTransactions, table: Table, rows: Sequence[Row]) -> None:
    """Write rows of an older version: columns that it had not get their defaults, as in a migration."""
    if rows:
        stored = [{name: _stored(transactions, table, row, name) for name in row} for row in rows]
        with transactions.database.transaction(ALL_TENANTS) as session:
            session.execute(insert(table), stored)


def _stored(transactions: SqlTransactions, table: Table, row: Row, name: str) -> Any:
    kind, value = table.c[name].type, row[name]
    if value is None or isinstance(kind, JSON):
        return value
    if isinstance(kind, LargeBinary):
        return transactions.secrets.fields.encrypt(json.dumps(value, ensure_ascii=False), aad=_bound_to(row, name))
    return datetime.fromisoformat(value) if isinstance(kind, UtcDateTime) else value


def act(bench: Bench, story: str, case_id: str) -> bool:
    """Let the outside do what the story has next; False when nothing is left to it."""
    case = bench.case(case_id)
    if case.is_final or case.stop is not None:
        return False
    if case.state == states.DRAFT:
        bench.submit_draft(case_id)
        return True
    steps = {task.name: task for task in case.tasks}
    if story == "withdrawn" and steps["pay"].state == "waiting":
        bench.withdraw_only(case_id)
        return True
    if steps["pay"].state == "waiting":
        order = bench.world.orders[steps["pay"].result["order_id"]]
        if order["state"] == "pending":
            bench.pay_order(order["order_id"])
        bench.tell_only({key: order[key] for key in (
            "order_id", "reference", "amount_minor", "currency", "pay_code", "paid_at")})
        return True
    if steps["medical"].state == "waiting":
        bench.call_back(case_id, callback_id="m-1", passed=story == "granted")
        return True
    return False


def finish(bench: Bench, story: str, case_id: str) -> None:
    """Go on to the end: what was claimed by a process that is gone is taken up when its lease has ended."""
    while True:
        bench.run_in_groups()
        bench.sweep(seconds=LEASE_S)
        bench.run_in_groups()
        if not act(bench, story, case_id):
            break
    for _ in range(3):
        bench.sweep(seconds=LEASE_S * 4)
        bench.run_in_groups()


def record(story: str, folder: Path, room: int) -> Iterator[Row]:
    """The definition, then each point, then how it ended."""
    url = f"sqlite:///{folder / 'zhongtai.db'}"
    migrate(url, "matter")
    database = Database(url, "matter")
    transactions = RecordingTransactions(database, FixedClock(NOW), folder)
    transactions.room = room
    bench = Bench(transactions)
    transactions.bench = bench
    yield {"story": story, "definitions": rows_of(transactions, DEFINITIONS)}
    case_id = bench.submit()
    finish(bench, story, case_id)
    yield from transactions.points
    yield end_of(bench, case_id)
    database.dispose()


def end_of(bench: Bench, case_id: str) -> Row:
    case = bench.case(case_id)
    return {"state": case.state, "steps": {task.name: task.state for task in case.tasks},
            "operations": sorted(bench.world.effects), "messages": len(bench.world.messages)}


def replay(history: Sequence[Row], number: int, transactions: SqlTransactions) -> tuple[Bench, str]:
    """Set up point `number` of a history for the code of today, beside the definition of today."""
    head, point = history[0], history[1 + number]
    transactions.clock.advance(datetime.fromisoformat(point["at"]) - transactions.clock.now())
    write_rows(transactions, DEFINITIONS, head["definitions"])
    for name, table in CASE_TABLES.items():
        write_rows(transactions, table, point["tables"][name])
    bench = Bench(transactions)
    for name, value in point["world"].items():
        setattr(bench.world, name, value)
    bench.world.replies = {op_id: (_request(asked), reply) for op_id, asked, reply in point["replies"]}
    bench.world.messages = [asked for asked, _ in bench.world.replies.values() if "template_code" in asked]
    bench.world.effects = dict.fromkeys(bench.world.replies, 1)
    transactions.outbox += [(type, tenant, data) for type, tenant, data in point["due"]]
    return bench, str(point["tables"]["cases"][0]["case_id"])


def _request(asked: Any) -> Any:
    """A request as the components of the bench keep it."""
    return tuple(asked) if isinstance(asked, list) else asked


def read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def main(version: str) -> None:
    """version: names the files, after the code that wrote them."""
    FOLDER.mkdir(exist_ok=True)
    for story in STORIES:
        for way, room in (("queue", 0), ("at-once", MOST_AT_ONCE)):
            with tempfile.TemporaryDirectory() as folder:
                lines = [json.dumps(one, ensure_ascii=False) for one in record(story, Path(folder), room)]
            (FOLDER / f"{version}-{story}-{way}.jsonl").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
