"""The cost of cases: computing of each process, what the database did, and what the broker passed on."""
from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psutil

from shared_components.devstack.postgresql import PrivatePostgreSQL
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from tests.benchmarks.methods.platform import DATABASE

SERVICES = ("matter", "payment", "notification", "elicence", "identity", "gateway")
# What stands in the command line of a process → whose computing it is.
MARKS = {
    **{f"serve {name}": name for name in SERVICES}, "beam.smp": "broker", "postgres": "database",
    "services.payment.sandbox": "channel", "devstack.smtp_sink": "mail", "benchmarks.cases.load": "load",
}
COLUMNS = ("xact_commit", "tup_inserted", "tup_updated", "tup_deleted", "log_flushes")
DONE = """
SELECT xact_commit, tup_inserted, tup_updated, tup_deleted, wal_sync
FROM pg_stat_database, pg_stat_wal WHERE datname = current_database()"""
PASSED_ON = "rabbit_global_counters:overview()."
COUNTED = {"messages_received": "messages_received_total", "messages_delivered": "messages_delivered_total"}
TEXTS = "SELECT query, sum(calls)::float FROM pg_stat_statements GROUP BY query"
TRANSACTIONS = ("COMMIT", "BEGIN")
STATEMENTS = "pg_stat_statements"


@dataclass(frozen=True)
class Costs:
    """Sums since the start: seconds of computing by part; what was counted; statements by their text."""

    computed_s: Mapping[str, float]
    counts: Mapping[str, float]
    statements: Mapping[str, float]

    def since(self, before: Costs, cases: float) -> dict[str, Any]:
        """Give a case's share of what came since `before`, or a second's: ms of computing by part, and counts."""
        texts = {text: (count - before.statements.get(text, 0)) / cases for text, count in self.statements.items()}
        return {
            "ms_a_case": {part: round((s - before.computed_s.get(part, 0)) / cases * 1e3, 2)
                          for part, s in sorted(self.computed_s.items())},
            **{f"{name}_a_case": round((count - before.counts[name]) / cases, 2)
               for name, count in self.counts.items()},
            "statements_a_case": round(sum(n for text, n in texts.items() if not text.startswith(TRANSACTIONS)), 2),
            "most_statements": [f"{count:.2f} {text[:160]}" for text, count in sorted(
                texts.items(), key=lambda item: -item[1])[:40] if count >= 0.01],
        }


def costs(database: PrivatePostgreSQL, broker: PrivateRabbitMQ, *, ended: bool = False) -> Costs:
    """Read all sums. ended: the cases are done; asking the broker takes a second, which is no part of them."""
    messages = {} if ended else passed_on(broker.ctl("eval", PASSED_ON))
    computed_s = computed()
    row = database.execute(DONE, database=DATABASE)[0]
    texts = database.execute(TEXTS, database=DATABASE)
    messages = messages or passed_on(broker.ctl("eval", PASSED_ON))
    return Costs(computed_s, dict(zip(COLUMNS, map(float, row), strict=True)) | messages, dict(texts))


def passed_on(told: str) -> dict[str, float]:
    """Messages that the broker has received and delivered, over all protocols and kinds of queues. told: Erlang's."""
    return {name: float(sum(map(int, re.findall(rf"\b{counter} => (\d+)", told)))) for name, counter in COUNTED.items()}


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
