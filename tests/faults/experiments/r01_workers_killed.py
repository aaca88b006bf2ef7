"""R1: payments while a random worker is killed each second."""
from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared_components.bus import BusClient
from shared_components.bus.server.step_hook import STEPS
from tests.faults import payments
from tests.faults.account import Account, Operation, resolve
from tests.faults.chaos import TELLING_POINTS, Killer
from tests.faults.compare import Comparison, Follow, compare, follow
from tests.faults.lab import Lab
from tests.faults.load import begun
from tests.faults.report import Report
from tests.faults.world import World

ID, TITLE = "R1", "payments; SIGKILL of a random worker each second"
TARGET = "0 lost, 0 doubled, 0 stuck, 0 phantom; ledger balanced; every payment's event once at its consumer"
OPERATIONS, TABLE = 1500, 10_000
BLIND_OPERATIONS = 800
TIMEOUT_S = 20.0


def run(lab: Lab, report: Report) -> None:
    report.faults = "each second a random worker (2 payment, 1 auditor) is killed; half of the new ones crash"
    report.note_size(TABLE)
    found = pay_under_fire(lab, report.id, report.seed, report.operations)
    report.add("all protections on", found.counts, found.wrong)
    blind = pay_under_fire(
        lab.blind_to("inbox,outbox"), f"{report.id}-blind", report.seed,
        min(report.operations, BLIND_OPERATIONS), points=TELLING_POINTS)
    report.add_blind("inbox and outbox off", blind.counts, blind.follow.lost + blind.follow.doubled)


@dataclass
class Found:
    comparison: Comparison
    follow: Follow
    deaths: Counter[str]
    unpaid: int
    postings_wrong: int
    balanced: bool

    @property
    def counts(self) -> dict[str, Any]:
        return {
            "deaths": sum(self.deaths.values()), **self.comparison.counts, "unpaid": self.unpaid,
            "ledger": "balanced" if self.balanced else "UNBALANCED", **self.follow.counts,
        }  # fmt: skip

    @property
    def wrong(self) -> list[str]:
        own = {"ok but unpaid": self.unpaid, "orders with other than one posting": self.postings_wrong,
               "times an unbalanced ledger": int(not self.balanced)}  # fmt: skip
        return [*self.comparison.wrong, *self.follow.wrong,
                *(f"{count} {name}" for name, count in own.items() if count)]  # fmt: skip


def pay_under_fire(
    lab: Lab, name: str, seed: int, operations: int, *, points: Sequence[str] = STEPS
) -> Found:
    with lab.world(name, "payment", "auditor") as world:
        started = [world.workers.start(service, wait=False) for service in ("payment", "payment", "auditor")]
        world.workers.wait_started(*started)
        payments.prepare(world.client(caller="operator"))
        clients = [world.client(caller="gateway") for _ in range(3)]
        account = Account()
        with Killer(world.workers, random.Random(seed), points=points) as killer:
            _pay_all(account, clients, operations)
        resolve(account, lambda operation: payments.pay(_client(clients, operation), operation, TIMEOUT_S))
        return _found(world, account, killer.deaths, world.client(caller="operator"))


def _pay_all(account: Account, clients: list[BusClient], operations: int) -> None:
    def pay(number: int) -> None:
        operation = account.intend(f"pay-{number}", f"op-pay-{number}")
        account.perform(operation, lambda: payments.pay(_client(clients, operation), operation, TIMEOUT_S), TIMEOUT_S)

    with begun(range(operations), pay, threads=24):
        pass


def _client(clients: list[BusClient], operation: Operation) -> BusClient:
    return clients[operation.number % len(clients)]


def _found(world: World, account: Account, deaths: Counter[str], operator: BusClient) -> Found:
    paid = payments.paid_orders(world)
    postings = payments.ledger_postings(world)
    followed = follow(world, "payment", Counter(dict.fromkeys(paid.values(), 1)), queue="on_paid")
    return Found(
        comparison=compare(account, payments.orders(world)),
        follow=followed,
        deaths=deaths,
        unpaid=sum(operation.key not in paid for operation in account.of("ok")),
        postings_wrong=sum(count != 1 for count in postings.values()) + len(set(paid.values()) - set(postings)),
        balanced=operator.payment.trial_balance(timeout_s=30)["balanced"] is True,
    )
