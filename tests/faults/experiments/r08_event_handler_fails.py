"""R8: an event's handler fails, some times or for ever."""
from __future__ import annotations

from collections import Counter

import orjson

from tests.faults.keeping import Keeper, clients_of
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.report import Report
from tests.faults.world import RETRY_DELAYS_S, World

ID, TITLE = "R8", "event handler failing k times"
TARGET = "k up to the limit succeeds with one effect, else there is one dead letter and no effect"
OPERATIONS, UNIT = 5, "events a k"
# each wait is one more try
LIMIT = len(RETRY_DELAYS_S)
CONSUMERS = ("auditor", "clerk")


def run(lab: Lab, report: Report) -> None:
    report.faults = f"the handler raises k times; {LIMIT} retries after {RETRY_DELAYS_S} s; auditor: in the bus's " \
                    "transaction, clerk: in its own"
    fails = range(LIMIT + 3)
    # one event a group: then what a handler counts are deliveries
    with lab.world(report.id, "till", *CONSUMERS, bus={"event_prefetch": 1}) as world:
        for service in ("till", *CONSUMERS):
            world.workers.start(service)
        keeper = Keeper(clients_of(world, 1), methods=("keep",))
        for k in fails:
            for number in range(report.operations):
                keeper.keep(_key(k, number), fails=k)
        everything = report.operations * len(fails)
        wait_for(lambda: all(_settled(world, consumer) >= everything for consumer in CONSUMERS), 60)
        for consumer in CONSUMERS:
            effects, dead = world.effects(consumer), _dead(world, consumer)
            for k in fails:
                keys = [_key(k, number) for number in range(report.operations)]
                _row(report, f"{consumer}, k = {k}", k, [effects[key] for key in keys], [dead[key] for key in keys])
            if consumer == "auditor":
                comparison = keeper.compared_now(world)
                report.add("the calls themselves", comparison.counts, comparison.wrong)


def _key(k: int, number: int) -> str:
    return f"fails-{k}-{number}"


def _dead(world: World, consumer: str) -> Counter[str]:
    """key → dead letters."""
    return Counter(orjson.loads(letter.body)["data"]["key"] for letter in world.dead(consumer))


def _settled(world: World, consumer: str) -> int:
    return sum(world.effects(consumer).values()) + len(world.dead(consumer))


def _row(report: Report, case: str, k: int, effects: list[int], dead: list[int]) -> None:
    wanted = (1, 0) if k <= LIMIT else (0, 1)
    wrong = sum((effect, letters) != wanted for effect, letters in zip(effects, dead, strict=True))
    counts = {"events": len(effects), "effects": sum(effects), "dead letters": sum(dead)}
    report.add(case, counts, [f"{wrong} events with other than {wanted} effects, dead letters"] if wrong else [])
