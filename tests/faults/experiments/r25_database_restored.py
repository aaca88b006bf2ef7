"""R25: the database dumped, restored elsewhere, and reconciled."""
from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from services.payment.common.domain.business_day import business_day
from services.payment.reconciliation.adapters.statement_files.zhongtai import write
from services.payment.reconciliation.domain.statement import SUCCEEDED, StatementLine
from shared_components.bus import BusClient
from shared_components.devstack.postgresql import APPLICATION
from tests.faults import payments
from tests.faults.account import Operation
from tests.faults.lab import Lab
from tests.faults.load import each
from tests.faults.report import Report
from tests.faults.restoring import APPEND_ONLY, CHANGES, FOREIGN, NO_RIGHT, Copy
from tests.faults.workers import ROOT
from tests.faults.world import World

ID, TITLE = "R25", "the database dumped, restored and reconciled"
TARGET = "the same ledger hash, reconciliation, row security and append-only guards; asked again, nothing changes"
OPERATIONS, UNIT = 300, "orders"
TENANTS = ("default", "other")
PRICE, REFUNDED_ONE_IN, PAGE = 1000, 3, 100
TIMEOUT_S, STOP_S = 30.0, 40.0
SCHEMA = "payment"
MOVED = """SELECT kind, number, trade_no, order_id, amount_minor, at FROM (
    SELECT 'payment' AS kind, trade_no AS number, trade_no, order_id, amount_minor, received_at AS at, tenant_id
      FROM channel_payments UNION ALL
    SELECT 'refund', refund_id, trade_no, order_id, amount_minor, completed_at, tenant_id
      FROM refunds WHERE state = 'succeeded'
  ) AS moved WHERE tenant_id = :tenant ORDER BY at"""


def run(lab: Lab, report: Report) -> None:
    report.faults = "pg_dump as the superuser, pg_restore into an empty database, the service started on that one"
    with lab.world(report.id, "payment") as world, _restored_database(world) as copy:
        source, configuration = Copy(world.postgres, world.database_name), world.configure("source")
        restored = world.configure("restored", database={"url": world.postgres.url_for(copy.name)})
        story = Story(world, report.seed, report.operations)
        with _serving(world, configuration):
            for operator in story.operators.values():
                payments.prepare(operator)
            story.tell()
            before = story.read()
        days = _statements(world, configuration)
        dump = world.folder / "payment.dump"
        if source.dump(dump, role=APPLICATION) == 0:
            report.add("a dump by the application's role", {}, ["it was made, without the rows that it may not see"])
        source.dump(dump)
        copy.restore(dump)
        _compare(source, copy, report)
        _reconcile(configuration, restored, days, report)
        _attack(copy, report)
        with _serving(world, restored):
            _serve_again(story, before, copy, report)
        _prove(copy, report)


@dataclass(frozen=True)
class Wish:
    """refunded_minor: 0 for none; done: the channel says that it was given back."""

    tenant: str
    operation: Operation
    refunded_minor: int
    done: bool


class Story:
    """Orders of two tenants, paid; one in three refunded in part, half of these with the channel's word on it."""

    def __init__(self, world: World, seed: int, operations: int) -> None:
        self.operators = {tenant: world.client(caller="operator", tenant=tenant) for tenant in TENANTS}
        self._clients = {tenant: world.client(caller="gateway", tenant=tenant) for tenant in TENANTS}
        dice = random.Random(seed)
        self._wishes = [
            Wish(dice.choice(TENANTS), Operation(f"r25-{number}", f"op-r25-{number}"),
                 dice.randint(1, PRICE) if number % REFUNDED_ONE_IN == 0 else 0, dice.random() < 0.5)
            for number in range(operations)
        ]  # fmt: skip

    def tell(self) -> int:
        """All of it, the second time the very same. Gives how many of the channel's words made a difference."""
        applied: list[bool] = []
        each(self._wishes, lambda wish: applied.extend(self._do(wish)), threads=16)
        return sum(applied)

    def _do(self, wish: Wish) -> Iterator[bool]:
        client, operation = self._clients[wish.tenant], wish.operation
        paid = payments.pay(client, operation, TIMEOUT_S, tenant=wish.tenant)
        yield bool(paid["applied"])
        if wish.refunded_minor:
            yield bool(payments.refund(
                client, operation, paid["order_id"], wish.refunded_minor, TIMEOUT_S, tenant=wish.tenant,
                done=wish.done)["applied"])  # fmt: skip

    def read(self) -> dict[str, Any]:
        """Read the service's books: the trial balance of each tenant, and all entries."""
        return {tenant: (operator.payment.trial_balance(timeout_s=TIMEOUT_S), list(_entries(operator)))
                for tenant, operator in self.operators.items()}  # fmt: skip


def _entries(operator: BusClient) -> Iterator[Any]:
    after = None
    while True:
        page = operator.payment.list_entries(limit=PAGE, timeout_s=TIMEOUT_S, after=after)
        yield from page["items"]
        if page["next"] is None:
            return
        after = page["next"]


@contextmanager
def _restored_database(world: World) -> Iterator[Copy]:
    copy = Copy(world.postgres, f"{world.database_name}_restored")
    world.postgres.create_database(copy.name)
    try:
        yield copy
    finally:
        world.workers.end()
        world.postgres.drop_database(copy.name)


@contextmanager
def _serving(world: World, configuration: Path) -> Iterator[None]:
    worker = world.workers.start("payment", configuration=configuration)
    try:
        yield
    finally:
        worker.terminate()
        if worker.wait(STOP_S) is None:
            worker.kill()


def _statements(world: World, configuration: Path) -> dict[tuple[str, str], int]:
    """Import a sandbox statement for each tenant and day, of all that was paid and given back; → its lines."""
    lines: dict[tuple[str, str], list[tuple[StatementLine, str]]] = defaultdict(list)
    for tenant in TENANTS:
        for kind, number, trade_no, order, amount_minor, at in world.rows("payment", MOVED, tenant=tenant):
            line = StatementLine(0, kind, number, order, int(amount_minor), "CNY", SUCCEEDED, at)
            lines[tenant, str(business_day(at))].append((line, trade_no))
    for (tenant, day), of_day in lines.items():
        file = world.folder / f"{tenant}-{day}.csv"
        file.write_text("".join(write(date.fromisoformat(day), of_day)))
        _command(configuration, "statement", "import", str(file), "--channel", "sandbox", "--date", day,
                 "--tenant", tenant)  # fmt: skip
    return {key: len(of_day) for key, of_day in lines.items()}


def _reconciled(configuration: Path, days: Iterable[tuple[str, str]]) -> list[Any]:
    """(classes, open differences) of each."""
    found = [_command(configuration, "reconcile", day, "--tenant", tenant) for tenant, day in days]
    return [(result["classes"], result["open_count"]) for results in found for result in results]


def _command(configuration: Path, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "shared_components.cli.main", "-c", str(configuration), "payment",
         *arguments, "--json"], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments[:2])} failed: {done.stderr[-500:]}")
    return json.loads(done.stdout)


def _reconcile(source: Path, restored: Path, days: dict[tuple[str, str], int], report: Report) -> None:
    ours, theirs = _reconciled(source, days), _reconciled(restored, days)
    matched = sum(each["count"] for classes, _ in theirs for each in classes if each["class"] == "matched")
    counts = {"lines": sum(days.values()), "matched": matched, "open": sum(left for _, left in theirs)}
    wrong = [] if ours == theirs else ["the source's reconciliation gives something else"]
    wrong += [] if matched == counts["lines"] > 0 else [f"{matched} matched of {counts['lines']}"]
    report.add("reconciled", counts, [*wrong, *_said(counts, "open")])


def _compare(source: Copy, copy: Copy, report: Report) -> None:
    ours, theirs = source.digests(), copy.digests()
    guards, restored = source.guards(), copy.guards()
    counts = {
        "ledger": copy.ledger_hash()[:12], "tables": len(ours), "rows differ": sum(
            ours.get(table) != theirs.get(table) for table in {*ours, *theirs}),
        "accounts wrong": copy.accounts_wrong(SCHEMA), "guards": sum(map(len, guards.values())),
        "guards differ": sum(len({*guards[name]} ^ {*restored[name]}) for name in guards),
    }  # fmt: skip
    wrong = [] if source.ledger_hash() == copy.ledger_hash() else ["the ledger's hash is another"]
    wrong += [f"no {name} in the source" for name, found in guards.items() if not found]
    report.add("restored", counts, [*wrong, *_said(counts, "rows differ", "accounts wrong", "guards differ")])


def _attack(copy: Copy, report: Report) -> None:
    """As the application's own role, which owns the tables."""
    tables = [table for table, secured in copy.tables().items() if secured]
    seen = {tenants: copy.visible(f"{SCHEMA}.ledger_entries", tenants) for tenants in (*TENANTS, "*", "nobody", "")}
    own = "GRANT ALL ON ledger_entries TO CURRENT_USER"
    refusals = {
        **{what: (copy.refusal(SCHEMA, change, tenants="*"), NO_RIGHT) for what, change in CHANGES.items()},
        **{f"{what}, right taken back": (copy.refusal(SCHEMA, change, tenants="*", before=own), APPEND_ONLY)
           for what, change in CHANGES.items()},
        "another tenant's row": (
            copy.refusal(SCHEMA, FOREIGN.format(tenant=TENANTS[1]), tenants=TENANTS[0]), NO_RIGHT),
    }  # fmt: skip
    counts = {
        "secured": len(tables), "open tables": sum(copy.visible(table, "") > 0 for table in tables),
        "attacks": len(refusals), "accepted": sum(state != expected for state, expected in refusals.values()),
    }
    wrong = [f"{what}: {state or 'done'}" for what, (state, expected) in refusals.items() if state != expected]
    wrong += [f"seen by nobody: {seen['nobody'] + seen['']}"] if seen["nobody"] or seen[""] else []
    wrong += [] if 0 < seen[TENANTS[0]] == seen["*"] - seen[TENANTS[1]] < seen["*"] else [f"seen: {seen}"]
    report.add("its guards", counts, [*wrong, *_said(counts, "open tables")])


def _serve_again(story: Story, before: dict[str, Any], copy: Copy, report: Report) -> None:
    was = copy.ledger_hash()
    again = story.read()
    applied = story.tell()
    counts = {
        "entries": sum(len(entries) for _, entries in again.values()),
        "read differently": sum(again[tenant] != before[tenant] for tenant in TENANTS),
        "unbalanced": sum(trial["balanced"] is not True for trial, _ in again.values()),
        "applied twice": applied, "hash moved": int(copy.ledger_hash() != was),
    }
    report.add("served again", counts, _said(counts, "read differently", "unbalanced", "applied twice", "hash moved"))


def _prove(copy: Copy, report: Report) -> None:
    """One amount changed as only the superuser can, with the guard away."""
    was = copy.ledger_hash()
    table = f"{SCHEMA}.ledger_entries"
    copy.postgres.execute(
        f"ALTER TABLE {table} DISABLE TRIGGER USER; UPDATE {table} SET amount_minor = amount_minor + 1 "  # noqa: S608
        f"WHERE entry_id = (SELECT min(entry_id) FROM {table}); ALTER TABLE {table} ENABLE TRIGGER USER",
        database=copy.name)  # fmt: skip
    counts = {"hash moved": int(copy.ledger_hash() != was), "accounts wrong": copy.accounts_wrong(SCHEMA)}
    report.add_blind("one entry altered after it", counts, min(counts.values()))


def _said(counts: dict[str, Any], *names: str) -> list[str]:
    return [f"{name}: {counts[name]}" for name in names if counts[name]]
