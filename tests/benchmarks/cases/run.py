"""Measure rows of cases on one platform as `make up` has it."""
from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from services.gateway.domain.apps import DEMO_KEY
from shared_components.devstack.postgresql import PrivatePostgreSQL
from tests.benchmarks.cases.profile import SERVICES, STATEMENTS, costs
from tests.benchmarks.measure import LoadFailed
from tests.benchmarks.methods.platform import DATABASE, MethodsPlatform
from tests.benchmarks.rounds import Effort, Measured
from tests.benchmarks.rows import OURS, Floor, Row, Side

PREFIX = "matter.case."
CASES, LONE_CASES, QUICK_CASES, WARM_UP = 192, 8, 6, 16
IDLE_S, QUICK_IDLE_S = 20.0, 1.0
# What is told of a case beside its computing → the words for it.
TOLD = {"xact_commit": "transactions", "statements": "statements", "log_flushes": "flushes of the log",
        "messages_received": "messages to the broker", "messages_delivered": "messages from it"}
Tell = Callable[[str], None]


def case_rows() -> list[Row]:
    """Complete cases, many at once and one at a time; wait_ms: without what hospital, payer and channel take."""
    extra = ("wait_ms", *(f"{name}_a_case" for name in TOLD))
    return [
        Row(f"{PREFIX}concurrent", Side("cases", "cases", 64), floor=Floor(rate=100, aim=300), alone=True,
            unit="cases/s", extra=extra),
        Row(f"{PREFIX}serial", Side("cases", "cases", 1), alone=True, unit="cases/s", extra=extra),
    ]  # fmt: skip


def is_case(row: Row) -> bool:
    """Whether the row is measured here."""
    return row.name.startswith(PREFIX)


def measure_cases(rows: Sequence[Row], effort: Effort, tell: Tell) -> list[Measured]:
    """effort: its rounds; with calls, a few cases in one round."""
    database = PrivatePostgreSQL(durable=True, preload=STATEMENTS)
    with MethodsPlatform(database) as platform:
        database.execute(f"CREATE EXTENSION {STATEMENTS}", database=DATABASE)
        tell("the platform is up; measuring cases")
        measured = [Measured(row) for row in rows]
        with _Generator(platform) as generator:
            # Before the first case: each second costs that much, and at few cases a second it is most of a case.
            tell(_line("a second without cases", generator.idle(QUICK_IDLE_S if effort.calls else IDLE_S)))
            generator.carry(QUICK_CASES if effort.calls else WARM_UP, WARM_UP)
            for number in range(1, effort.rounds + 1):
                for one in measured:
                    cases = QUICK_CASES if effort.calls else LONE_CASES if one.row.ours.in_flight == 1 else CASES
                    summary = generator.carry(cases, one.row.ours.in_flight)
                    one.rounds[OURS].append(summary)
                    tell(f"{number}/{effort.rounds}  {one.row.name:<42} {summary['rate']:>10,.1f} /s")
                    tell(_line("a case", summary) + f"; waits {summary['wait_ms']:.0f} ms")
    return measured


def _line(of: str, summary: Mapping[str, Any]) -> str:
    counts = ", ".join(f"{summary[f'{name}_a_case']:.1f} {words}" for name, words in TOLD.items())
    return f"     {of}, ms of computing: {_told(summary['ms_a_case'])}; {counts}"


def _told(spent: Mapping[str, float]) -> str:
    parts = sorted(spent.items(), key=lambda item: -item[1])
    return f"{sum(spent.values()):.1f} = " + " + ".join(f"{part} {ms:.1f}" for part, ms in parts)


class _Generator:
    """The process that makes the load; asked by lines of JSON."""

    def __init__(self, platform: MethodsPlatform) -> None:
        self._database, self._broker = platform.database, platform.broker
        spec = {**platform.told(), "http_url": platform.http_url, "key": DEMO_KEY,
                "dsn": platform.database.dsn_for(DATABASE, role="postgres")}
        # Passwords are in it: a file of ours alone, and not the command line.
        self._spec = platform.folder / "cases.json"
        self._spec.touch(mode=0o600)
        self._spec.write_text(json.dumps(spec))
        self._log = platform.folder / "cases.log"

    def __enter__(self) -> Self:
        self._errors = self._log.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.benchmarks.cases.load", str(self._spec)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True)
        self._answer()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._errors.close()

    def idle(self, seconds: float) -> dict[str, Any]:
        """Give what a second costs in which no case is carried."""
        before = costs(self._database, self._broker)
        time.sleep(seconds)
        return costs(self._database, self._broker, ended=True).since(before, seconds)

    def carry(self, cases: int, in_flight: int) -> dict[str, Any]:
        """Register applicants, then carry their cases; the summary, with what a case cost. Raises LoadFailed."""
        self._ask(step="prepare", cases=cases)
        before = costs(self._database, self._broker)
        summary = self._ask(step="measure", cases=cases, in_flight=in_flight)
        summary |= costs(self._database, self._broker, ended=True).since(before, cases)
        spent = summary["ms_a_case"]
        ours = sum(spent[name] for name in (*SERVICES, "channel", "mail") if name != "gateway")
        of_the_table = {"load": spent["load"], "gateway": spent["gateway"], "service": ours,
                        "broker": spent["broker"], "database": spent["database"]}
        return {**summary, **{f"{role}_us": ms * 1e3 for role, ms in of_the_table.items()}}

    def _ask(self, **asked: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        if "failed" in answer:
            raise LoadFailed(f"cases: {asked['step']}: {answer['failed']}; its log is {self._log}")
        return answer

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise LoadFailed(f"the load of cases ended; its log is {self._log}")
        answer: dict[str, Any] = json.loads(line)
        return answer
