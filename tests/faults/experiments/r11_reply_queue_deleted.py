"""R11: the reply queue goes away in the middle of a call."""
from __future__ import annotations

import random
import time
import uuid
from typing import Any

import amqp
import orjson

from shared_components.bus.amqp import names
from tests.faults.account import Account
from tests.faults.compare import compare
from tests.faults.keeping import Keeper, clients_of, keys
from tests.faults.lab import Lab
from tests.faults.load import each
from tests.faults.report import Report
from tests.faults.workers import Worker
from tests.faults.world import World
from tests.integration.bus_harness import RawBroker, ReplyQueue, plain_properties

ID, TITLE = "R11", "reply queue deleted in the middle of a call"
TARGET = "bounded error; the result can be had by the operation id; 0 lost, 0 doubled, 0 stuck; no process exits"
OPERATIONS = 100
SLOW_S, TIMEOUT_S, LONGEST_OVERRUN_S = 0.6, 4.0, 1.0


def run(lab: Lab, report: Report) -> None:
    report.faults = "clients' connections closed by the broker (direct reply-to ends with them); reply queues deleted"
    chance = random.Random(report.seed)
    with lab.world(report.id, "till") as world:
        worker = world.workers.start("till")
        _direct(lab, world, report, chance)
        _own_queues(world, report, worker)


def _direct(lab: Lab, world: World, report: Report, chance: random.Random) -> None:
    keeper = Keeper(clients_of(world, 4), timeout_s=TIMEOUT_S)
    half = report.operations // 2

    def keep(key: str) -> Any:
        if key == f"direct-{half // 2}":
            time.sleep(SLOW_S / 2)
            _close_clients(lab, world)
        return keeper.keep(key, seconds=chance.uniform(0.1, SLOW_S))

    each(keys("direct", half), keep, threads=12)
    comparison = keeper.compared(world, among="direct")
    overrun_s = keeper.account.longest_overrun_s()
    wrong = [f"a call outlived its deadline by {overrun_s:.2f} s"] if overrun_s > LONGEST_OVERRUN_S else []
    report.add("direct reply-to", {**comparison.counts, "overrun s": overrun_s}, [*comparison.wrong, *wrong])


def _close_clients(lab: Lab, world: World) -> None:
    """The broker closes every connection in this vhost: the clients' and the services'."""
    lab.rabbitmq.ctl("close_all_connections", "--vhost", world.vhost, "laboratory")


def _own_queues(world: World, report: Report, worker: Worker) -> None:
    """Plain nameko calls, whose reply queue is deleted while the call is at work; asked again from a new queue."""
    account = Account()
    with RawBroker(world.broker_url) as raw:
        for number in range(report.operations // 10):
            operation = account.intend(f"own-{number}", f"op-own-{number}")
            lost = ReplyQueue(raw)
            _call(raw, operation.key, operation.op_id, lost.key)
            raw.channel.queue_delete(lost.name)
            again = ReplyQueue(raw)
            _call(raw, operation.key, operation.op_id, again.key)
            reply = again.result(seconds=15)
            answered = reply["error"] is None and reply["result"]["key"] == operation.key
            operation.outcome = "ok" if answered else "unknown"
            raw.channel.queue_delete(again.name)
    comparison = compare(account, world.effects("till"))
    wrong = [*comparison.wrong] + ([] if worker.running else ["the process exited"])
    report.add("reply queues of their own", comparison.counts, wrong)


def _call(raw: RawBroker, key: str, op_id: str, reply_to: str) -> None:
    raw.channel.basic_publish(amqp.Message(
        orjson.dumps({"args": [], "kwargs": {"key": key, "seconds": SLOW_S / 3}}),
        **plain_properties(reply_to=reply_to, correlation_id=str(uuid.uuid4()),
                           application_headers={"nameko.op_id": op_id}),
    ), names.RPC_EXCHANGE, "till.keep")  # fmt: skip
