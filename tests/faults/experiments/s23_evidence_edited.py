"""S23: the evidence log is edited, deleted, reordered and cut by the owner of the database; its sealer is killed."""
from __future__ import annotations

import random
import time
from contextlib import closing

from shared_components.bus import BusClient
from shared_components.kernel.errors import AppError
from tests.evidence_attacks import ATTACKS, AttackedLog
from tests.faults.chaos import Killer
from tests.faults.evidence_logs import WatchedLog
from tests.faults.lab import Lab
from tests.faults.load import each
from tests.faults.report import Report
from tests.faults.world import World

ID, TITLE = "S23", "evidence edited, deleted (before and after sealing), reordered, cut; sealer killed"
TARGET = "each record sealed once within 10 s of the last kill; each attack named; a witness's heads continued"
OPERATIONS, UNIT = 600, "records"
SERVICE, PROCESSES, READERS = "registrar", 3, 16
SEALED_WITHIN_S = 10.0
KILL_EACH_S, PAUSE_S = 2.5, 0.5


def run(lab: Lab, report: Report) -> None:
    attack(lab, report)
    with lab.blind_to("evidence").world(report.id, SERVICE) as world:
        log = world.keep(closing(WatchedLog(world, SERVICE)))
        world.workers.start(SERVICE)
        _read(world, 30, "blind")
        unnoticed = log.delete_unsealed() and not log.verify().findings
    report.add_blind("the sealer off; records and marks deleted", {"unnoticed": int(unnoticed)}, int(unnoticed))


def attack(lab: Lab, report: Report) -> None:
    """Kill the sealer under load, then change the log in each way."""
    report.faults = "a random process of three killed every 2.5 s; SQL of a superuser, without the keys"
    with lab.world(report.id, SERVICE) as world:
        log = world.keep(closing(WatchedLog(world, SERVICE)))
        _load(world, log, report)
        for name in ATTACKS:
            _attack(log, report, name)


def _load(world: World, log: WatchedLog, report: Report) -> None:
    workers = [world.workers.start(SERVICE, wait=False) for _ in range(PROCESSES)]
    world.workers.wait_started(*workers)
    with Killer(world.workers, random.Random(report.seed), interval_s=KILL_EACH_S) as killer:
        for part in range(10):
            _read(world, report.operations // 10, f"part-{part}")
            log.look()
            time.sleep(PAUSE_S)
    took = _until_sealed(log)
    verdict, recorded = log.verify(), world.count(SERVICE, "evidence_records")
    counts = {"records": recorded, "segments": verdict.segments, "killed": sum(killer.deaths.values()),
              "lost": report.operations // 10 * 10 - recorded, "doubled": verdict.records - recorded,
              "findings": len(verdict.findings), "heads kept": len(log.witness), "seconds": round(took, 1)}
    wrong = [f"{name} is {counts[name]}" for name in ("lost", "doubled", "findings") if counts[name]]
    wrong += [f"the last seal came after {took:.1f} s"] if took > SEALED_WITHIN_S else []
    wrong += [finding.text for finding in verdict.findings[:3]]
    report.add("under load, processes killed", counts, wrong)
    for part in range(3):  # segments for the attacker to choose from
        _read(world, 4, f"more-{part}")
        _until_sealed(log)
    log.look()


def _until_sealed(log: WatchedLog) -> float:
    """Wait until nothing waits for its seal; gives the seconds, at most six times those that are allowed."""
    began = time.monotonic()
    while log.waiting() and time.monotonic() - began < 6 * SEALED_WITHIN_S:
        time.sleep(0.1)
    return time.monotonic() - began


def _read(world: World, number: int, part: str) -> None:
    client = world.client()
    each([f"{part}-{n}" for n in range(number)], lambda name: _read_one(client, name), threads=READERS)


def _read_one(client: BusClient, name: str) -> None:
    """Ask until the outcome is known, always under the same operation id."""
    for _ in range(60):
        try:
            client.call(SERVICE, "read_file", {"text": name}, op_id=f"op-{name}", timeout_s=5)
            return
        except AppError:
            time.sleep(0.2)
    raise RuntimeError(f"file {name} could not be read within 60 attempts")


def _attack(log: WatchedLog, report: Report, name: str) -> None:
    attacked = AttackedLog(log.attacker)
    expected = {kind for kind, _ in attacked.run(name)}
    found = {finding.kind for finding in log.verify().findings}
    attacked.restore()
    wrong = [] if found == expected else [f"found {sorted(found)}; expected {sorted(expected)}"]
    report.add(name, {"named": len(found)}, wrong + ["not restored"] * bool(log.verify().findings))
