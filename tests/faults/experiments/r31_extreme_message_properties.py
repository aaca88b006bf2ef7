"""R31: one message with anything in it, with the rights of an app, a service, an operator."""
from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from contextlib import suppress
from typing import Any

import amqp
import amqp.exceptions

from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.kernel.errors import AppError
from tests.faults.any_message import ADDRESSES, EVENTS, AnyMessage, any_message, message_to
from tests.faults.asking import RawUser
from tests.faults.deployed import deploy_own
from tests.faults.lab import Lab
from tests.faults.raw_frames import publish_raw
from tests.faults.report import Report
from tests.faults.world import World

ID, TITLE = "R31", "one message with anything in it"
TARGET = (
    "no service silent for more than 2 s, no process ends, no message delivered more than 5 times, "
    "memory flat, each dead letter with its reason")
OPERATIONS, UNIT = 1000, "messages"
HOSTILE = 4
LONGEST_SILENCE_S, MOST_DELIVERIES, MOST_GROWTH_BYTES = 2.0, 5, 64 * 1024 * 1024
SETTLED_S, QUIET_S = 30.0, 3.0
# So that what one message costs is not another's doing.
ALONE_S = 3.0
QUEUES = ("rpc-till", EVENTS, "quarantine.till.calls", "quarantine.auditor.events")
MARK = re.compile(rb"R31-\d{6}")


def run(lab: Lab, report: Report) -> None:
    report.faults = "each AMQP property and each header that is read, at its extremes, to calls, events and quarantines"
    send_all(lab, report, report.operations, "all protections on")
    # Hostile addresses then end connections: what is delivered again is the wall's alone to bound.
    send_hostile(lab.blind_to("addresses"), report, "addresses believed")
    blind = Report(ID, TITLE, TARGET, report.seed, HOSTILE)
    send_hostile(lab.blind_to("addresses,quarantine"), blind, "addresses believed, nothing set apart")
    row = blind.rows[0]
    report.add_blind(row.case, row.counts, len(row.wrong))


def send_all(lab: Lab, report: Report, count: int, case: str) -> None:
    chance = random.Random(report.seed)
    _send(lab, report, [any_message(chance, number) for number in range(count)], case)


def send_hostile(lab: Lab, report: Report, case: str) -> None:
    messages = [message_to(ADDRESSES[1 + number % 4], number) for number in range(HOSTILE)]
    _send(lab, report, messages, case, may_lose_connections=True)


def _send(
    lab: Lab, report: Report, messages: list[AnyMessage], case: str, *, may_lose_connections: bool = False,
) -> None:
    with lab.world(report.id, "till", "auditor") as world:
        urls = deploy_own(lab, world)
        lab.rabbitmq.ctl("trace_on", "-p", world.vhost)
        believed = {"caller_authentication": "broker", "app_tenants": {"app-demo": "default"}}
        till = world.workers.start(
            "till", configuration=world.configure("till", broker={"url": urls["till"]}, bus=believed))
        # It hears payment too, which is not deployed here: as the administrator it declares what is missing.
        auditor = world.workers.start("auditor", configuration=world.configure("auditor", bus=believed))
        with _Deliveries(world) as deliveries, _Silence(world, urls["operator"]) as silence:
            before = till.rss_bytes()
            refused = _publish_all(urls, messages, ALONE_S if may_lose_connections else 0.0)
            settled = _settled(world)
        lost = sum(worker.text().count("bus.connection.lost") for worker in (till, auditor))
        letters = [letter for service in ("till", "auditor") for letter in world.dead(service)]
        growth = till.rss_bytes() - before if till.running else 0
        most = max(deliveries.of.values(), default=0)
        wrong = [
            *([f"a process has ended: {worker.name}" for worker in (till, auditor) if not worker.running]),
            *([f"a message was delivered {most} times"] if most > MOST_DELIVERIES else []),
            *([f"till was silent for {silence.longest_s:.1f} s"] if silence.longest_s > LONGEST_SILENCE_S else []),
            *([f"{lost} connections were lost"] if lost and not may_lose_connections else []),
            *(["messages are left in a queue"] if not settled else []),
            *([f"memory grew by {growth // 2**20} MiB"] if growth > MOST_GROWTH_BYTES else []),
            *(["a dead letter without a reason"] if not all(letter.reason for letter in letters) else []),
            *(["no dead letter, and nothing delivered"] if not letters or not deliveries.of else []),
        ]
        report.add(case, {
            "messages": len(messages), "refused by broker": refused, "delivered": len(deliveries.of),
            "most deliveries": most, "dead letters": len(letters), "connections lost": lost,
            "longest silence s": silence.longest_s, "growth MiB": growth // 2**20}, wrong)  # fmt: skip


def _settled(world: World) -> bool:
    """Whether all queues are empty, and stay so: what is in hand does not count, and may come back."""
    deadline, empty_since = time.monotonic() + SETTLED_S, None
    while time.monotonic() < deadline:
        if any(world.depth(queue) for queue in QUEUES):
            empty_since = None
        elif empty_since is None:
            empty_since = time.monotonic()
        elif time.monotonic() - empty_since > QUIET_S:
            return True
        time.sleep(0.1)
    return False


def _publish_all(urls: dict[str, str], messages: list[AnyMessage], pause_s: float) -> int:
    refused = 0
    users = {name: RawUser(urls[name]) for name in {message.sender for message in messages}}
    for message in messages:
        time.sleep(pause_s)
        user = users[message.sender]
        try:
            _publish(user, message)
            user.settle()
        except (amqp.exceptions.AMQPError, OSError, UnicodeError, OverflowError):
            # By the broker, or by the library that has no form for it.
            refused += 1
            user.reconnect()
    for user in users.values():
        user.close()
    return refused


def _publish(user: RawUser, message: AnyMessage) -> None:
    if message.raw_headers:
        publish_raw(user.channel, message.body, exchange=message.exchange, routing_key=message.key,
                    properties=message.properties, headers=message.raw_headers)  # fmt: skip
    else:
        user.channel.basic_publish(amqp.Message(message.body, **message.properties), message.exchange, message.key)


class _Deliveries:
    """How often each message was delivered, in whichever queue: RabbitMQ's own trace."""

    def __init__(self, world: World) -> None:
        self.of: Counter[bytes] = Counter()
        self._connection = BrokerConnection(world.broker_url, heartbeat_s=0)
        channel = self._connection.channel
        channel.queue_declare("deliveries", durable=False, auto_delete=False, exclusive=True)
        for queue in QUEUES:
            channel.queue_bind("deliveries", "amq.rabbitmq.trace", f"deliver.{queue}")
        self._connection.consume("deliveries", self._count, tag="deliveries", no_ack=True)
        self._thread = threading.Thread(target=self._read, daemon=True)

    def _count(self, message: Any) -> None:
        body = message.body.encode("utf-8", "surrogateescape") if isinstance(message.body, str) else bytes(message.body)
        self.of.update(set(MARK.findall(body)))

    def _read(self) -> None:
        with suppress(Exception):
            while True:
                self._connection.drain()

    def __enter__(self) -> _Deliveries:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.abort()
        self._thread.join(5)
        self._connection.dispose()


class _Silence:
    """The longest time in which the till has answered nothing."""

    def __init__(self, world: World, url: str) -> None:
        self.longest_s = 0.0
        self._client = world.client(url, caller="operator")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def _ask(self) -> None:
        heard = time.monotonic()
        while not self._stop.wait(0.05):
            with suppress(AppError):
                self._client.till.say(text="alive", timeout_s=1.0)
                self.longest_s, heard = max(self.longest_s, time.monotonic() - heard), time.monotonic()
        self.longest_s = max(self.longest_s, time.monotonic() - heard)

    def __enter__(self) -> _Silence:
        self._client.till.say(text="alive", timeout_s=10)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(5)
