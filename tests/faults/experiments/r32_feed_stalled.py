"""R32: a feed of rights is stalled, gapped, restored and killed; one of three replicas is behind, one is paused."""
from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from shared_components.bus import BusClient
from shared_components.kernel.errors import AppError
from tests.faults.feed_restores import KEPT, PRODUCED, backup, lose_entries, restore
from tests.faults.lab import Lab
from tests.faults.report import Report
from tests.faults.workers import Worker
from tests.faults.world import World

ID, TITLE = "R32", "feed of rights stalled, gapped and restored, its producer and its copies paused and killed"
TARGET = "no use that began after a revocation was answered succeeds; uses succeed again when the faults end"
OPERATIONS, UNIT = 30, "revocations"
PRODUCER, COPY, REPLICAS, USERS, KEYS = "steward", "porter", 3, 6, 8
FAULT_EACH_S, PAUSED_S = 1.0, 3.0
BLIND_OPERATIONS = 10
RESTORE_EACH_S, RESTORED_OPERATIONS = 6.0, 12


Faults = Callable[["World", random.Random, "Rights"], AbstractContextManager[None]]


class Rights:
    """The rights that hold, by the answers of the producer. Times are monotonic seconds of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._revoked_at: dict[str, float] = {}
        self.changing = threading.Lock()
        """Held while a right is given or taken, and while the producer is restored to what it knew before."""
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []

    def forget(self) -> None:
        """The producer was restored from a backup: what it has answered since is unknown."""
        with self._lock:
            self._revoked_at.clear()

    def begin_grant(self, key: str) -> None:
        with self._lock:
            self._revoked_at.pop(key, None)

    def revoked(self, key: str) -> None:
        with self._lock:
            self._revoked_at[key] = time.monotonic()
            self.counts["revoked"] += 1

    def used(self, key: str, began: float, allowed: bool) -> None:
        with self._lock:
            revoked_at = self._revoked_at.get(key)
            self.counts["allowed" if allowed else "refused"] += 1
            if allowed and revoked_at is not None and revoked_at < began:
                self.wrong.append(f"'{key}' was used {began - revoked_at:.2f} s after the answer to its revocation")


def run(lab: Lab, report: Report) -> None:
    report.faults = "each second one process of producer or copies is paused for 3 s or killed"
    counts, wrong = break_and_use(lab, report)
    report.add("three copies", counts, wrong)
    for name, faults in (("entries lost behind a copy", _gapped), ("copy restored", _copy_restored),
                         ("producer restored", _producer_restored)):
        few = Report(ID, TITLE, TARGET, report.seed, RESTORED_OPERATIONS)
        counts, wrong = break_and_use(lab, few, faults)
        report.add(name, counts, wrong)
    blind = Report(ID, TITLE, TARGET, report.seed, BLIND_OPERATIONS)
    counts, wrong = break_and_use(lab.blind_to("feeds"), blind)
    report.add_blind("confirmations off", counts, len(wrong))


def break_and_use(
    lab: Lab, report: Report, faults: Faults | None = None,
) -> tuple[dict[str, int], list[str]]:
    """faults: what breaks while rights change; None: processes are paused and killed."""
    chance = random.Random(report.seed)
    with lab.world(report.id, PRODUCER, COPY) as world:
        world.workers.wait_started(*(world.workers.start(name, wait=False) for name in (PRODUCER, *[COPY] * REPLICAS)))
        rights, stop = Rights(), threading.Event()
        users = [threading.Thread(target=_use, args=(world.client(), rights, stop, random.Random(number)), daemon=True)
                 for number in range(USERS)]
        for user in users:
            user.start()
        with (faults or _faults)(world, chance, rights):
            _change(world.client(), rights, report.operations, chance)
        time.sleep(5)
        before = rights.counts["allowed"]
        _change(world.client(), rights, 1, chance)
        time.sleep(2)
        stop.set()
        for user in users:
            user.join(30)
        wrong = rights.wrong[:5]
        wrong += ["no use succeeded any more when the faults had ended"] if rights.counts["allowed"] == before else []
        names = ("revoked", "allowed", "refused", "stale", "unknown", "faults")
        return {**{name: rights.counts[name] for name in names}, "after": len(rights.wrong)}, wrong


def _change(client: BusClient, rights: Rights, times: int, chance: random.Random) -> None:
    """Give and take rights in turn; each taking is asked for until it is answered."""
    for _ in range(times):
        key = f"k{chance.randrange(KEYS)}"
        with rights.changing:
            rights.begin_grant(key)
            _until_answered(client, rights, key, granted=True)
        time.sleep(chance.uniform(0.1, 0.6))
        with rights.changing:
            _until_answered(client, rights, key, granted=False)
            rights.revoked(key)
        time.sleep(chance.uniform(0.0, 0.4))
    for number in range(KEYS):  # some stay
        rights.begin_grant(f"k{number}")
        _until_answered(client, rights, f"k{number}", granted=True)


def _until_answered(client: BusClient, rights: Rights, key: str, *, granted: bool) -> None:
    while True:
        try:
            said = client.call(PRODUCER, "say", {"key": key, "granted": granted}, timeout_s=6)
        except AppError:
            rights.counts["unknown"] += 1
            time.sleep(0.1)
            continue
        if said["confirmed"]:
            return


def _use(client: BusClient, rights: Rights, stop: threading.Event, chance: random.Random) -> None:
    while not stop.is_set():
        key, began = f"k{chance.randrange(KEYS)}", time.monotonic()
        try:
            used = client.call(COPY, "use", {"key": key}, timeout_s=6)
        except AppError as error:
            rights.counts["stale" if error.code == "db.feed-stale" else "unknown"] += 1
            stop.wait(0.05)
        else:
            rights.used(key, began, used["allowed"])
            stop.wait(0.01)


def _faults(world: World, chance: random.Random, rights: Rights) -> AbstractContextManager[None]:
    """Pause or kill a process at an interval while the block runs; a killed one is replaced."""
    def break_one() -> None:
        victims = [worker for worker in world.workers.running() if worker.started]
        if victims:
            _break(world, chance.choice(victims), chance.random() < 0.5)

    return _repeated(break_one, FAULT_EACH_S, rights)


def _gapped(world: World, _chance: random.Random, rights: Rights) -> AbstractContextManager[None]:
    """The feed loses the entry at which the copies stand while they sleep; they must begin anew."""
    client = world.client()

    def lose() -> None:
        with rights.changing:
            lose_entries(world, PRODUCER, COPY, lambda key, granted: _until_answered(
                client, rights, key, granted=granted))

    return _repeated(lose, RESTORE_EACH_S, rights)


def _copy_restored(world: World, _chance: random.Random, rights: Rights) -> AbstractContextManager[None]:
    """The copy is restored to what it was at the beginning: to rights that were taken since."""
    kept = backup(world, COPY, KEPT)
    return _repeated(lambda: restore(world, COPY, KEPT, kept), RESTORE_EACH_S, rights)


def _producer_restored(world: World, _chance: random.Random, rights: Rights) -> AbstractContextManager[None]:
    """The producer is restored to what it was at the beginning: copies have entries that it no longer has."""
    kept = backup(world, PRODUCER, PRODUCED)

    def put_back() -> None:
        with rights.changing:
            restore(world, PRODUCER, PRODUCED, kept)
            rights.forget()

    return _repeated(put_back, RESTORE_EACH_S, rights)


@contextmanager
def _repeated(fault: Callable[[], None], each_s: float, rights: Rights) -> Iterator[None]:
    ended = threading.Event()

    def break_things() -> None:
        while not ended.wait(each_s):
            rights.counts["faults"] += 1
            fault()

    thread = threading.Thread(target=break_things, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(30)


def _break(world: World, victim: Worker, kill: bool) -> None:
    if kill:
        victim.kill()
        world.workers.start(*victim.services, wait=False)
        return
    victim.process.send_signal(signal.SIGSTOP)
    time.sleep(PAUSED_S)
    victim.process.send_signal(signal.SIGCONT)
