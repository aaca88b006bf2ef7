"""Payments of an upgrade: by the clients of both versions, stock nameko and HTTP, each asked twice under its id."""
from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping
from threading import Lock
from typing import Any, Protocol

from shared_components.bus import BusClient
from shared_components.kernel.errors import AppError, OutcomeUnknown
from tests.faults import payments
from tests.faults.account import Account, Operation
from tests.faults.deployed import SERVICES, SHIPPED
from tests.faults.upgrading import TENANT, Upgrade

TIMEOUT_S = 20.0
REUSED = "bus.operation-reused"
"""An old process answers so when a new one has done it: nothing is done twice (docs/adr/048)."""
ITEM_CODE = "driving-licence-card"


class Client(Protocol):
    def call(
        self, service: str, method: str, kwargs: Mapping[str, Any], *, op_id: str, timeout_s: float,
    ) -> Any: ...


class Payments:
    def __init__(self, made: Upgrade, chance: random.Random) -> None:
        self._made, self._chance = made, chance
        self._clients: dict[str, Client] = {
            "new client": _New(made.gateway), "old client": made.old_gateway, "stock": made.stock, "http": made.http}
        self._names = list(self._clients)
        self._lock = Lock()
        queues = [queue["name"] for queue in json.loads(SHIPPED.read_text("utf-8"))["queues"]]
        self._event_queues = [name for name in queues if name.startswith("events.")]
        self.account = Account()
        self.repetitions: Counter[str] = Counter({"same": 0, "refused as reused": 0})
        self.wrong_repetitions: list[str] = []

    def pay(self, key: str) -> None:
        operation = self.account.intend(key, f"op-{key}")
        self.account.perform(operation, lambda: self.ask_again(operation), TIMEOUT_S)
        if operation.outcome == "ok":
            self._repeat(operation)

    def ask_again(self, operation: Operation) -> Any:
        """The very same request, by the same client."""
        order = self._order(operation)
        paid = payments.confirm(
            self._made.gateway, operation.key, order["order_id"], TIMEOUT_S, tenant=TENANT)
        return {"order_id": order["order_id"], "state": paid["state"]}

    def _order(self, operation: Operation) -> Any:
        client = self._clients[self._names[operation.number % len(self._names)]]
        request = {"payer_name": "测试人", "lines": [{"item_code": ITEM_CODE, "quantity": 1}],
                   "reference": operation.key}  # fmt: skip
        return client.call("payment", "create_order", request, op_id=operation.op_id, timeout_s=TIMEOUT_S)

    def _repeat(self, operation: Operation) -> None:
        try:
            again = self._order(operation)["order_id"]
        except OutcomeUnknown:
            return
        except AppError as error:
            outcome = "refused as reused" if error.code == REUSED else f"refused as {error.code}"
        else:
            outcome = "same" if again == operation.reply["order_id"] else "another order"
        with self._lock:
            self.repetitions[outcome] += 1
            if outcome not in ("same", "refused as reused"):
                self.wrong_repetitions.append(f"{operation.key}: {outcome}")

    def orders(self) -> Counter[str]:
        """reference → orders, of our payments alone: cases have their own."""
        ours = {one.key for one in self.account.operations}
        found = payments.orders(self._made.world)
        return Counter({key: count for key, count in found.items() if key in ours})

    def missing(self) -> dict[str, int]:
        """Count what a paid order must have and has not, or has twice; and what is left lying."""
        world = self._made.world
        references = payments.paid_orders(world)
        paid = set(references.values())
        posted, receipts = payments.ledger_postings(world), world.effects("payment", "order_id", "receipts")
        return {
            "unpaid": sum(one.key not in references for one in self.account.of("ok")),
            "ledger": sum(posted[order] != 1 for order in paid),
            "receipts": sum(receipts[order] != 1 for order in paid),
            "outbox left": sum(world.count(service, "outbox") for service in SERVICES),
            "queued": sum(world.depth(queue) for queue in self._event_queues),
            "dead": sum(len(world.dead(service)) for service in SERVICES),
        }  # fmt: skip


class _New:
    def __init__(self, client: BusClient) -> None:
        self._client = client

    def call(self, service: str, method: str, kwargs: Mapping[str, Any], *, op_id: str, timeout_s: float) -> Any:
        return getattr(getattr(self._client, service), method)(**kwargs, op_id=op_id, timeout_s=timeout_s)
