"""S4: whether an account exists is read off the time or the text of an answer."""
from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from math import erfc, sqrt
from pathlib import Path
from typing import Any
from unittest.mock import patch

from services.identity.credentials.adapters.argon2 import Argon2Hasher, Parameters
from services.identity.credentials.usecases.codes import SendCode, send_code
from shared_components.bus import RealThreads
from shared_components.kernel.errors import AppError
from tests.faults.lab import Lab
from tests.faults.report import Report
from tests.unit.identity.credentials.world import LOGIN, REALM, World, limited

ID, TITLE = "S4", "timing and text of a known against an unknown person"
TARGET = "the same text; no difference in time that a test of ranks finds (p >= 0.001)"
OPERATIONS, UNIT = 2000, "attempts of each kind"
SERVICE, SIGNIFICANT = "identity", 0.001
MANY, PERSONS, FIRST = 10**9, 10, 10
"""FIRST: attempts that only warm up."""
QUICK = Parameters(memory_kib=2048, passes=1)
"""Quicker than in production: what differs beside the hash shows the better."""


def run(lab: Lab, report: Report) -> None:
    compare(lab, report)
    seen = blind(lab, Report(ID, TITLE, TARGET, report.seed, 200))
    report.add_blind("no hash for unknown persons", {"p": f"{seen:.1e}"}, int(seen < SIGNIFICANT))


def compare(lab: Lab, report: Report) -> None:
    """Time passwords and code requests of known and unknown persons, in turns."""
    report.faults = "none; one after the other, in random order"
    with lab.world(report.id, SERVICE) as world, closing(_Measured(world.folder, world.database_url)) as measured:
        order = random.Random(report.seed)
        _case(report, "password", measured.password, measured.persons, order)
        _case(report, "code", measured.code, measured.persons, order)


def blind(lab: Lab, report: Report) -> float:
    """The same for passwords, with the hash of production, which unknown persons do not cost; gives p."""
    with lab.world(report.id, SERVICE) as world, no_dummy_hash(), closing(
        _Measured(world.folder, world.database_url, Parameters())
    ) as measured:
        return _case(report, "password", measured.password, measured.persons, random.Random(report.seed))


class _Measured:
    def __init__(self, folder: Path, url: str, parameters: Parameters = QUICK) -> None:
        self._world = World(folder, limited(
            identifier=MANY, account=MANY, account_day=MANY, device=MANY, address=MANY), url=url)
        self._world.hasher = Argon2Hasher(RealThreads(2, waiting=2), parameters)
        known = [self._world.person(mobile=f"138{number:08}") for number in range(PERSONS)]
        self.persons = ([self._world.numbers[each] for each in known],
                        [f"x{number:08}@example.cn" for number in range(PERSONS)])

    def close(self) -> None:
        self._world.transactions.database.dispose()

    def password(self, identifier: str) -> str:
        return _text(lambda: self._world.sign_in(identifier, "wrong password"))

    def code(self, identifier: str) -> str:
        # Each a day after the one before, so that no limit is reached.
        self._world.wait(days=2)
        return _text(lambda: send_code(
            self._world.transactions, SendCode(REALM, identifier, "email", "browser", None, "10.0.0.1"), LOGIN))


def _case(
    report: Report, name: str, act: Callable[[str], str], persons: Sequence[Sequence[str]], order: random.Random,
) -> float:
    times: tuple[list[float], list[float]] = ([], [])
    texts: tuple[set[str], set[str]] = (set(), set())
    for kind in order.sample([0, 1] * (report.operations + FIRST), 2 * (report.operations + FIRST)):
        began = time.perf_counter()
        texts[kind].add(act(order.choice(persons[kind])))
        times[kind].append(time.perf_counter() - began)
    known, unknown = (each[FIRST:] for each in times)
    p = ranks(known, unknown)
    wrong = ["the texts differ"] if texts[0] != texts[1] else []
    wrong += [f"the times differ, p = {p:.1e}"] if p < SIGNIFICANT else []
    report.add(name, {
        "attempts": len(known), "known_ms": f"{1000 * statistics.median(known):.2f}",
        "unknown_ms": f"{1000 * statistics.median(unknown):.2f}", "p": f"{p:.3f}"}, wrong)
    return p


def ranks(one: Sequence[float], other: Sequence[float]) -> float:
    """The two-sided p of the Mann-Whitney test, by the normal distribution."""
    ordered = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    first = sum(rank for rank, (_, kind) in enumerate(ordered, 1) if kind == 0)
    n, m = len(one), len(other)
    mean, deviation = n * (n + m + 1) / 2, sqrt(n * m * (n + m + 1) / 12)
    return erfc(abs(first - mean) / deviation / sqrt(2))


def _text(act: Callable[[], Any]) -> str:
    try:
        act()
    except AppError as error:
        return str(error.to_wire())
    return "sent"


@contextmanager
def no_dummy_hash() -> Iterator[None]:
    """Without the protection: nothing is computed for who has no password."""
    verify = Argon2Hasher.verify

    def lazy(self: Any, password: str, encoded: str | None) -> bool:
        return encoded is not None and verify(self, password, encoded)

    with patch.object(Argon2Hasher, "verify", lazy):
        yield
