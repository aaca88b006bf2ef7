"""R17: more is asked than can be done."""
from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from shared_components.bus.client.asyncio_ import AsyncBusClient
from shared_components.kernel.errors import AppError, OutcomeUnknown
from tests.faults.deployed import deploy_own
from tests.faults.lab import Lab
from tests.faults.report import Report
from tests.faults.workers import Worker
from tests.faults.world import World

ID, TITLE = "R17", "5 x overload"
TARGET = "accepted = processed, the rest 503 with retry_after; memory flat (growth in the second half at most 10 %)"
OPERATIONS, UNIT, TABLE = 20, "seconds", 60
OVERLOAD, WORKERS, CALL_S = 5, 4, 0.05
TIMEOUT_S, LONGEST_QUEUE, CLIENTS = 3.0, 40, 8
FLATNESS = 1.10


@dataclass
class Asked:
    """key → outcome, and what the refusals said."""

    ok: set[str] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)
    unknown: set[str] = field(default_factory=set)
    without_hint: Counter[str] = field(default_factory=Counter)
    longest_s: float = 0.0

    @property
    def total(self) -> int:
        return len(self.ok) + len(self.unknown) + self.refused.total()


def run(lab: Lab, report: Report) -> None:
    capacity = WORKERS / CALL_S
    report.faults = f"{OVERLOAD} times the {capacity:.0f} calls/s that {WORKERS} workers can do, in an open loop"
    report.note_size(TABLE)
    with lab.world(report.id, "till", "auditor", bus={"workers": WORKERS}) as world:
        deploy_own(lab, world)
        # the shipped policy at a size that this load reaches
        small = f'{{"max-length": {LONGEST_QUEUE}, "overflow": "reject-publish"}}'
        lab.rabbitmq.ctl("set_policy", "-p", world.vhost, "--priority", "9", "--apply-to", "queues", "small",
                         "^rpc-till$", small)  # fmt: skip
        worker = world.workers.start("till")
        rates = {"at capacity / 2": capacity / 2, f"{OVERLOAD} x overload": capacity * OVERLOAD}
        for case, rate in rates.items():
            seconds = report.operations if rate > capacity else min(5, report.operations)
            asked = Asked()
            memory = asyncio.run(_ask(world, asked, worker, rate, seconds, case.replace(" ", "")))
            report.add(case, *_judged(world, asked, memory, rate, seconds, case.replace(" ", "")))


async def _ask(world: World, asked: Asked, worker: Worker, rate: float, seconds: int, prefix: str) -> list[int]:
    """An open loop: callers come when they come, and not when the last one is done. Gives the memory each second."""
    clients = [AsyncBusClient(world.broker_url, timeout_s=TIMEOUT_S) for _ in range(CLIENTS)]
    began, tasks, memory = time.monotonic(), [], []
    try:
        for number in range(int(rate * seconds)):
            pause = began + number / rate - time.monotonic()
            if pause > 0:
                await asyncio.sleep(pause)
            tasks.append(asyncio.create_task(_one(clients[number % CLIENTS], asked, f"{prefix}-{number}")))
            if number % int(rate) == 0:
                memory.append(worker.rss_bytes())
        await asyncio.gather(*tasks)
    finally:
        for client in clients:
            await client.close()
    return [*memory, worker.rss_bytes()]


async def _one(client: AsyncBusClient, asked: Asked, key: str) -> None:
    began = time.monotonic()
    try:
        await client.till.keep(key=key, seconds=CALL_S, op_id=f"op-{key}", timeout_s=TIMEOUT_S)
        asked.ok.add(key)
    except OutcomeUnknown:
        asked.unknown.add(key)
    except AppError as error:
        asked.refused[f"{error.http_status} {error.code}"] += 1
        if error.http_status != 503 or "retry_after_s" not in error.details:
            asked.without_hint[error.code] += 1
    asked.longest_s = max(asked.longest_s, time.monotonic() - began)


def _judged(
    world: World, asked: Asked, memory: list[int], rate: float, seconds: int, prefix: str
) -> tuple[dict[str, Any], list[str]]:
    time.sleep(TIMEOUT_S)
    effects = {key: count for key, count in world.effects("till").items() if key.startswith(prefix)}
    lost, extra = asked.ok - effects.keys(), effects.keys() - asked.ok - asked.unknown
    doubled = sum(count > 1 for count in effects.values())
    growth = memory[-1] / memory[len(memory) // 2]
    counts = {
        "asked/s": rate, "asked": asked.total, "ok": len(asked.ok), "ok/s": len(asked.ok) / seconds,
        "refused": dict(asked.refused), "504": len(asked.unknown), "lost": len(lost), "done but refused": len(extra),
        "doubled": doubled, "slowest s": asked.longest_s, "memory MiB": memory[-1] // 2**20, "growth": growth,
    }  # fmt: skip
    found = {
        "accepted but not processed": len(lost), "refused but processed": len(extra), "doubled": doubled,
        "neither answered nor refused (504)": len(asked.unknown),
        f"refused with other than 503 and retry_after_s: {dict(asked.without_hint)}": asked.without_hint.total(),
        f"times memory growing to {growth:.2f} of its half-time size": int(growth > FLATNESS),
    }  # fmt: skip
    return counts, [f"{count} {what}" for what, count in found.items() if count]
