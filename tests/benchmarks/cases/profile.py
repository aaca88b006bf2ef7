"""The cost of cases: computing of each process, and what the database did."""
from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psutil

from shared_components.devstack.postgresql import PrivatePostgreSQL
from tests.benchmarks.methods.platform import DATABASE

SERVICES = ("matter", "payment", "notification", "elicence", "identity", "gateway")
# What stands in the command line of a process → whose computing it is.
MARKS = {
    **{f"serve {name}": name for name in SERVICES}, "beam.smp": "broker", "postgres": "database",
    "services.payment.sandbox": "channel", "devstack.smtp_sink": "mail", "benchmarks.cases.load": "load",
}
COLUMNS = ("xact_commit", "tup_inserted", "tup_updated", "tup_deleted")
DONE = """
SELECT xact_commit, tup_inserted, tup_updated, tup_deleted FROM pg_stat_database WHERE datname = current_database()"""
TEXTS = "SELECT query, sum(calls)::float FROM pg_stat_statements GROUP BY query"
TRANSACTIONS = ("COMMIT", "BEGIN")
STATEMENTS = "pg_stat_statements"


@dataclass(frozen=True)
class Costs:
    """Sums since the start: seconds of computing by part; rows and transactions; statements by their text."""

    computed_s: Mapping[str, float]
    rows: Mapping[str, float]
    statements: Mapping[str, float]

    def since(self, before: Costs, cases: int) -> dict[str, Any]:
        """A case's share of what came since `before`: ms of computing by part, and counts."""
        texts = {text: (count - before.statements.get(text, 0)) / cases for text, count in self.statements.items()}
        return {
            "ms_a_case": {part: round((s - before.computed_s.get(part, 0)) / cases * 1e3, 2)
                          for part, s in sorted(self.computed_s.items())},
            **{f"{name}_a_case": round((count - before.rows[name]) / cases, 2) for name, count in self.rows.items()},
            "statements_a_case": round(sum(n for text, n in texts.items() if not text.startswith(TRANSACTIONS)), 2),
            "most_statements": [f"{count:.2f} {text[:160]}" for text, count in sorted(
                texts.items(), key=lambda item: -item[1])[:40] if count >= 0.01],
        }


def costs(database: PrivatePostgreSQL) -> Costs:
    row = database.execute(DONE, database=DATABASE)[0]
    texts = database.execute(TEXTS, database=DATABASE)
    return Costs(computed(), dict(zip(COLUMNS, map(float, row), strict=True)), dict(texts))


def computed() -> dict[str, float]:
    """Seconds of computing so far by part, of all processes below this one."""
    sums = dict.fromkeys(MARKS.values(), 0.0)
    for part, times in _processes():
        sums[part] += times.user + times.system
    return sums


def _processes() -> Iterator[tuple[str, Any]]:
    for process in psutil.Process(os.getpid()).children(recursive=True):
        try:
            command, times = process.cmdline(), process.cpu_times()
        except psutil.Error:
            continue  # it has just ended
        # Supervisors carry the command they watch in their own.
        if not any(word.endswith("supervisor.py") for word in command):
            line = " ".join(command)
            part = next((part for mark, part in MARKS.items() if mark in line), None)
            if part is not None:
                yield part, times
