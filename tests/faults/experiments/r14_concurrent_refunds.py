"""R14: 64 clients refund the same money."""
from __future__ import annotations

import random
import threading
from collections import Counter
from typing import Any

from shared_components.bus import BusClient
from shared_components.kernel.errors import AppError, OutcomeUnknown
from tests.faults import payments
from tests.faults.account import Operation
from tests.faults.lab import Lab
from tests.faults.load import each
from tests.faults.report import Report
from tests.faults.world import World

ID, TITLE = "R14", "64 clients refund the same money"
TARGET = "never above what was paid; what clients were promised is what the books say"
OPERATIONS, TABLE, UNIT = 150, 1000, "rounds"
CLIENTS, PAID, TRIES = 64, 1000, 3
STALE = "payment.refund-available-changed"
TIMEOUT_S = 30.0


def run(lab: Lab, report: Report) -> None:
    report.faults = f"in each round {CLIENTS} clients refund one order at once, all believing all of it available"
    report.note_size(TABLE)
    with lab.world(report.id, "payment") as world:
        started = [world.workers.start("payment", wait=False) for _ in range(2)]
        world.workers.wait_started(*started)
        payments.prepare(world.client(caller="operator"))
        clients = [world.client(caller="gateway") for _ in range(4)]
        rounds = [Round(clients, number, report.seed) for number in range(report.operations)]
        for one in rounds:
            one.race()
        counts, wrong = _judged(world, rounds)
        trial = world.client(caller="operator").payment.trial_balance(timeout_s=TIMEOUT_S)
        report.add("two processes of payment", counts, [*wrong, *([] if trial["balanced"] else ["the ledger"])])


class Round:
    """promised_minor: what clients were told is theirs; unknown: calls without an outcome."""

    def __init__(self, clients: list[BusClient], number: int, seed: int) -> None:
        self._clients = clients
        self._number = number
        self._dice = random.Random(f"{seed}/{number}")
        self._lock = threading.Lock()
        self.promised_minor = self.unknown = 0
        self.codes: Counter[str] = Counter()
        paid = payments.pay(clients[0], Operation(f"r14-{number}", f"op-r14-{number}"), TIMEOUT_S)
        self.order_id = str(paid["order_id"])

    def race(self) -> None:
        wishes = [(client, self._dice.randint(1, PAID)) for client in range(CLIENTS)]
        each(wishes, self._refund, threads=CLIENTS)

    def _refund(self, wish: tuple[int, int]) -> None:
        """Told that less is left, a client takes what it can of that."""
        client, amount_minor = wish
        available = PAID
        for attempt in range(TRIES):
            code, available = self._try(client, min(amount_minor, available), available, attempt)
            if code != STALE or available == 0:
                return

    def _try(self, client: int, amount_minor: int, believed: int, attempt: int) -> tuple[str, int]:
        payment = self._clients[client % len(self._clients)].payment
        code, available = "ok", believed
        try:
            payment.refund_order(
                order_id=self.order_id, amount_minor=amount_minor, refund_available_minor=believed, reason="试验",
                op_id=f"r14-{self._number}-{client}-{attempt}", timeout_s=TIMEOUT_S)
        except OutcomeUnknown as error:
            code = error.code
        except AppError as error:
            code, available = error.code, int(error.details.get("refund_available_minor", 0))
        with self._lock:
            self.codes[code] += 1
            self.promised_minor += amount_minor if code == "ok" else 0
            self.unknown += code.startswith("outcome")
        return code, available


def _judged(world: World, rounds: list[Round]) -> tuple[dict[str, Any], list[str]]:
    orders = {str(order): (int(taken), int(paid)) for order, taken, paid in world.rows(
        "payment", "SELECT order_id, refunded_minor + refund_pending_minor, paid_minor FROM orders")}  # fmt: skip
    refunds = {str(order): int(total) for order, total in world.rows(
        "payment", "SELECT order_id, sum(amount_minor) FROM refunds WHERE state <> 'failed' GROUP BY order_id")}
    above = sum(refunds.get(one.order_id, 0) > PAID or one.promised_minor > PAID for one in rounds)
    differing = sum(
        orders[one.order_id] != (one.promised_minor, PAID) or refunds.get(one.order_id, 0) != one.promised_minor
        for one in rounds if not one.unknown
    )
    codes: Counter[str] = sum((one.codes for one in rounds), Counter())
    own = {"above what was paid": above, "other than promised": differing,
           "rounds without an outcome": sum(bool(one.unknown) for one in rounds)}  # fmt: skip
    counts = {"rounds": len(rounds), "calls": codes.total(), "promised": codes["ok"], **own, "codes": dict(codes)}
    return counts, [f"{count} {what}" for what, count in own.items() if count]
