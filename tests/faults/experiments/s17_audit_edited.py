"""S17: identity's audit is edited, deleted, reordered and cut by the owner of the database."""
from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from services.identity.commands.transactions import IdentityTransactions
from services.identity.directory.usecases.create_realm import CreateRealm, create_realm
from shared_components.bus import BusClient
from shared_components.configuration.loading import load_configuration
from tests.evidence_attacks import ATTACKS, AttackedLog
from tests.faults.evidence_logs import WatchedLog
from tests.faults.lab import Lab
from tests.faults.report import Report
from tests.faults.workers import ROOT
from tests.faults.world import World

ID, TITLE = "S17", "identity's audit rows edited, deleted, reordered, tail cut, as owner of the database"
TARGET = "each attack is named by `zhongtai identity audit verify`; a witness's head shows a cut that left no trace"
OPERATIONS, UNIT = 60, "changes"
SERVICE, REALM = "identity", "city"
PARTS, SEALED_WITHIN_S = 5, 30.0
TRACELESS = "end cut with every trace"


def run(lab: Lab, report: Report) -> None:
    attack(lab, report, by_command=True)


def attack(lab: Lab, report: Report, *, by_command: bool) -> None:
    """Change the directory, then its audit in each way. by_command: ask the command each time, not only at the end."""
    report.faults = "SQL of a superuser without the keys: triggers and row security do not hold them"
    with lab.world(report.id, SERVICE) as world:
        log = world.keep(closing(WatchedLog(world, SERVICE)))
        worker = world.workers.start(SERVICE)
        _record(world, log, report)
        # The sealer rests: it would go on with the log while that is attacked and restored.
        worker.terminate()
        worker.wait(20)
        witness = _kept(world)
        for name in ATTACKS:
            _attack(world, log, report, name, witness if by_command else None)
        _cut_without_trace(world, log, report, witness)


def _record(world: World, log: WatchedLog, report: Report) -> None:
    transactions = IdentityTransactions(load_configuration(world.folder / "zhongtai.yaml"), REALM)
    with transactions.begin_in_all() as tx:
        create_realm(tx, CreateRealm(REALM, "示范市", "数据局"), transactions.context)
    transactions.close()
    client = BusClient(world.broker_url, caller="operator", tenant=REALM)
    with closing(client):
        for part in range(PARTS):  # several segments, for the attacker to choose from
            for number in range(max(2, report.operations // PARTS)):
                client.call(SERVICE, "add_department", {"name": f"部门{part}-{number}"}, timeout_s=20)
            _until_sealed(log)
    log.look()
    verdict = log.verify()
    report.add("recorded and sealed", {"records": verdict.records, "segments": verdict.segments},
               [str(finding.text) for finding in verdict.findings[:3]])


def _until_sealed(log: WatchedLog) -> None:
    ends = time.monotonic() + SEALED_WITHIN_S
    while log.waiting() and time.monotonic() < ends:
        time.sleep(0.1)


def _attack(world: World, log: WatchedLog, report: Report, name: str, witness: Path | None) -> None:
    attacked = AttackedLog(log.attacker)
    expected = {kind for kind, _ in attacked.run(name)}
    found = {finding.kind for finding in log.verify().findings}
    wrong = [] if found == expected else [f"found {sorted(found)}; expected {sorted(expected)}"]
    if witness is not None:
        said, told = _audit(world, witness)
        wrong += [] if said == 1 and expected <= told else [f"the command ended with {said} and told {sorted(told)}"]
    attacked.restore()
    report.add(name, {"named": len(found)}, wrong + ["not restored"] * bool(log.verify().findings))


def _cut_without_trace(world: World, log: WatchedLog, report: Report, witness: Path) -> None:
    """Cut the end and bring the sealer's own state back to what it was: nothing inside tells it."""
    attacked = AttackedLog(log.attacker)
    before = log.attacker.rows("SELECT owner, max(number) - 1 FROM evidence_segments GROUP BY owner")
    states = {row[0]: row[1] for row in before}
    attacked.run("end cut")
    for owner, number in states.items():
        log.attacker.run(
            "UPDATE evidence_heads SET segments = :number, records = coalesce((SELECT max(leaf_index) + 1 FROM "
            "evidence_leaves WHERE owner = :owner), 0), frontier = :frontier WHERE owner = :owner",
            owner=owner, number=number, frontier=_frontier(log, owner, number))
    alone, _ = _audit(world, None)
    said, told = _audit(world, witness)
    attacked.restore()
    report.add(TRACELESS, {"named": len(told)}, [] if said == 1 and "tail-cut" in told else [
        f"with the witness the command ended with {said} and told {sorted(told)}"])
    report.add_blind("the witness away", {"unnoticed": int(alone == 0)}, int(alone == 0))


def _frontier(log: WatchedLog, owner: str, number: int) -> bytes:
    """The sealer's state after this many segments, as the sealer itself computes it."""
    from shared_components.evidence_log.merkle import Frontier, leaf_hash

    frontier = Frontier()
    for row in log.attacker.rows(
            "SELECT statement FROM evidence_segments WHERE owner = :owner AND number <= :number ORDER BY number",
            owner=owner, number=number):
        frontier.append(leaf_hash(bytes(row[0])))
    return b"".join(frontier.hashes)


def _kept(world: World) -> Path:
    """The heads that an outside witness keeps, as the command prints them."""
    done = _command(world, "heads", "--json")
    path = world.folder / "witness.json"
    path.write_text(done.stdout, encoding="utf-8")
    return path


def _audit(world: World, witness: Path | None) -> tuple[int, set[str]]:
    """Exit code and kinds of findings of `zhongtai identity audit verify`."""
    done = _command(world, "verify", "--json", *([] if witness is None else ["--witness", str(witness)]))
    return done.returncode, {one["kind"] for report in json.loads(done.stdout) for one in report["findings"]}


def _command(world: World, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "shared_components.cli.main", "--config", str(world.folder / "zhongtai.yaml"),
               SERVICE, "audit", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT, check=False)
