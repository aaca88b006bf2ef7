"""R7: malformed messages."""
from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from typing import Any

import amqp
import orjson

from shared_components.bus.amqp import names
from shared_components.kernel.errors import CATEGORIES
from tests.faults.lab import Lab
from tests.faults.malformed import HERE, Kind, kinds
from tests.faults.raw_frames import publish_raw
from tests.faults.report import Report
from tests.faults.workers import Worker
from tests.faults.world import World
from tests.integration.bus_harness import RawBroker

ID, TITLE = "R7", "malformed messages"
TABLE = 200
TARGET = (
    "no process exits, no connection is lost; each kind is a dead letter or gets a typed error; "
    f"{TABLE} kinds or more")
OPERATIONS, UNIT = len(kinds()), "kinds"
PATIENCE_S = 3.0
QUEUES = ("rpc-till", "events.auditor.on_kept")


def run(lab: Lab, report: Report) -> None:
    send_all(lab, report, report.operations)


def send_all(lab: Lab, report: Report, count: int) -> None:
    chosen = kinds()
    random.Random(report.seed).shuffle(chosen)
    report.faults = "malformed properties, headers, bodies, calls and events, in random order"
    report.operations = len(chosen[:count])
    report.note_size(TABLE)
    with lab.world(report.id, "till", "auditor") as world:
        worker = world.workers.start("till", "auditor")
        before = _losses(worker)
        fates: dict[str, Counter[str]] = {}
        wrong: list[str] = []
        sender = _Sender(world)
        for kind in chosen[:count]:
            fate = sender.fate_of(kind)
            fates.setdefault(kind.name.partition(":")[0], Counter())[fate] += 1
            if fate not in GOOD:
                wrong.append(f"{kind.name}: {fate}")
            if not worker.running:
                wrong.append(f"{kind.name}: the process exited")
                worker = world.workers.start("till", "auditor")
        wrong += [f"the service lost its connection {lost} times"] if (lost := _losses(worker) - before) else []
        if world.client().till.say(text="alive", timeout_s=5) != {"text": "alive"}:
            wrong.append("the service does not answer")
    for group, counts in fates.items():
        report.add(group, {"kinds": counts.total(), **{fate: counts[fate] for fate in GOOD}})
    report.add("all", {"kinds": sum(counts.total() for counts in fates.values())}, wrong)


GOOD = ("dead letter", "typed error", "served", "refused by the broker")


def _losses(worker: Worker) -> int:
    return worker.text().count("bus.connection.lost") + worker.text().count("bus.connection.failed")


class _Sender:
    """Sends a kind, and looks where it has gone."""

    def __init__(self, world: World) -> None:
        self._world, self._raw = world, RawBroker(world.broker_url)
        # Coalesced replies come by the default exchange, plain ones by nameko's.
        self._replies = str(uuid.uuid4())
        self._raw.queue(self._replies, exchange=names.RPC_EXCHANGE, key=self._replies)

    def fate_of(self, kind: Kind) -> str:
        heard = len(self._world.notes())
        try:
            # an earlier kind may have had more than one reply
            self._raw.channel.queue_purge(self._replies)
            self._send(kind)
            return self._seen(kind, heard)
        except (amqp.exceptions.AMQPError, OSError):
            # the broker itself does not take such a message, and has ended the sender's connection
            self._raw = RawBroker(self._world.broker_url)
            return "refused by the broker"

    def _seen(self, kind: Kind, heard: int) -> str:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            reply = None if kind.is_event else self._raw.get(self._replies)
            if reply is not None:
                return self._judged(orjson.loads(reply.body))
            if self._raw.get(names.dead_queue("auditor" if kind.is_event else "till")) is not None:
                return "dead letter"
            if kind.heard_as and ["heard", kind.heard_as] in [line[:2] for line in self._world.notes()[heard:]]:
                return "served"
            time.sleep(0.003)
        # It must not spoil what comes after it: one fate a kind.
        for _ in range(20):
            for queue in QUEUES:
                self._raw.channel.queue_purge(queue)
            time.sleep(0.02)
        return "neither answered nor a dead letter"

    def _send(self, kind: Kind) -> None:
        properties = {name: self._replies if value == HERE else value for name, value in kind.properties.items()}
        if kind.raw_headers:
            publish_raw(self._raw.channel, kind.body, exchange=kind.exchange, routing_key=kind.key,
                        properties=properties, headers=kind.raw_headers)  # fmt: skip
            return
        self._raw.channel.basic_publish(amqp.Message(kind.body, **properties), kind.exchange, kind.key)

    @staticmethod
    def _judged(body: Any) -> str:
        for reply in body if isinstance(body, list) else [body]:
            error = reply.get("error")
            if error is None:
                continue
            if error.get("category") not in CATEGORIES or error["code"] == "internal":
                return f"an untyped error {error.get('code')}"
            return "typed error"
        return "served"
