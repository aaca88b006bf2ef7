"""R4: every message is delivered three times, shuffled."""
from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from typing import Any

import amqp
import orjson
from kombu.connection import Connection

from shared_components.bus.amqp import names, wire
from tests.faults.account import Account, Operation
from tests.faults.compare import compare, follow
from tests.faults.copies import Copier
from tests.faults.lab import Lab
from tests.faults.load import wait_for
from tests.faults.report import Report
from tests.faults.world import World

ID, TITLE = "R4", "every message delivered 3 times, shuffled"
TARGET = "0 doubled, identical replies; the same for events"
OPERATIONS = 2000
BLIND_OPERATIONS = 300
COPIES, WINDOW, CALLS_A_MESSAGE = 3, 120, 8
REPLY_S = 30.0


def run(lab: Lab, report: Report) -> None:
    report.faults = f"each call's and each event's message {COPIES} times, in random order, to 2 tills and 2 auditors"
    _deliver(lab, report, report.operations, "all protections on")
    blind = Report(ID, TITLE, TARGET, report.seed, BLIND_OPERATIONS)
    _deliver(lab.blind_to("operations"), blind, min(report.operations, BLIND_OPERATIONS), "operation ids off")
    row = blind.rows[0]
    report.add_blind(row.case, row.counts, row.counts["doubled"])


def _deliver(lab: Lab, report: Report, operations: int, case: str) -> None:
    chance = random.Random(report.seed)
    with lab.world(report.id, "till", "auditor") as world:
        services = ("till", "till", "auditor", "auditor")
        world.workers.wait_started(*[world.workers.start(service, wait=False) for service in services])
        account, replies = Account(), _Replies(world)
        with Copier(world.broker_url, "events.auditor.on_kept", "till.events", "kept", chance, COPIES) as copier:
            for first in range(0, operations, WINDOW):
                replies.send_shuffled([account.intend(f"key-{n}", f"op-{n}")
                                       for n in range(first, min(first + WINDOW, operations))], chance)  # fmt: skip
            effects = world.effects("till")
            followed = follow(world, "till", Counter(dict.fromkeys(effects, 1)))
            wait_for(lambda: copier.delivered >= COPIES * len(effects), 20)
        different = replies.conclude(account)
        comparison = compare(account, effects)
        wrong = [*comparison.wrong, *followed.wrong] + ([f"{different} with different replies"] if different else [])
        report.add(case, {
            "deliveries": replies.sent, "replies": replies.count, **comparison.counts, "different replies": different,
            "event deliveries": copier.delivered, **followed.counts}, wrong)  # fmt: skip


class _Replies:
    """A client that sends copies, and reads every reply instead of the first."""

    def __init__(self, world: World) -> None:
        connection = world.keep(Connection(world.broker_url))
        self._channel = connection.channel()
        self._connection = connection
        self._of: dict[str, list[Any]] = defaultdict(list)
        self.sent = self.count = 0
        self._channel.basic_consume(names.DIRECT_REPLY_TO, callback=self._replied, no_ack=True)

    def _replied(self, message: Any) -> None:
        for reply in orjson.loads(message.body):
            self._of[reply["id"]].append(reply.get("error") or reply["result"])
            self.count += 1

    def send_shuffled(self, operations: list[Operation], chance: random.Random) -> None:
        """Send all copies, then wait until each of them is answered."""
        messages = []
        for first in range(0, len(operations), CALLS_A_MESSAGE):
            some = operations[first:first + chance.randint(1, CALLS_A_MESSAGE)]
            rest = operations[first + len(some):first + CALLS_A_MESSAGE]
            messages += [part for part in (some, rest) if part]
        copies = messages * COPIES
        chance.shuffle(copies)
        for message in copies:
            self._send(message)
        deadline = time.monotonic() + REPLY_S
        while self.count < self.sent and time.monotonic() < deadline:
            try:
                self._connection.drain_events(timeout=1)
            except TimeoutError:
                continue

    def _send(self, operations: list[Operation]) -> None:
        calls = [wire.encode_call(
            one.key, "keep_together" if one.number % 2 else "keep", {"key": one.key}, one.op_id,
            time.time() + REPLY_S, {"caller": "operator"}) for one in operations]  # fmt: skip
        self._channel.basic_publish(amqp.Message(
            wire.encode_list(calls), content_type=names.CALLS_CONTENT_TYPE, reply_to=names.DIRECT_REPLY_TO,
        ), names.RPC_EXCHANGE, f"till.{names.CALLS_METHOD}")  # fmt: skip
        self.sent += len(operations)

    def conclude(self, account: Account) -> int:
        """Write the outcomes down; gives how many operations had replies that differ."""
        different = 0
        for operation in account.operations:
            replies = self._of[operation.key]
            good = [reply for reply in replies if "code" not in reply]
            operation.outcome = "ok" if good else "failed" if replies else "unknown"
            different += any(reply != replies[0] for reply in replies) or len(replies) != COPIES
        return different
