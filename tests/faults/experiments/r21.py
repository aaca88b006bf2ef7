"""R21: payloads of every size."""
from __future__ import annotations

import json
import multiprocessing
import os
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

import amqp

from shared_components.bus import BusClient, names
from shared_components.kernel.errors import AppError
from tests.faults.lab import DEPLOY, Lab
from tests.faults.load import wait_for
from tests.faults.report import Report
from tests.faults.workers import Worker
from tests.integration.bus_harness import RawBroker
from tests.integration.edge_harness import EdgeProcess

ID, TITLE = "R21", "payloads of 1 B to 64 MB"
TARGET = "typed refusal above the limit (256 KiB), no process exits; a neighbour's p99 less than doubled"
OPERATIONS, UNIT, TABLE = 64, "MB at most", 64
KIB, MIB = 1024, 1024 * 1024
SIZES = [1, 100, KIB, 10 * KIB, 100 * KIB, 255 * KIB, 257 * KIB, 900 * KIB, MIB, 4 * MIB, 16 * MIB, 64 * MIB]
LIMIT, STARTED_S = 256 * KIB, 20
TURNS, SECONDS, SETTLING_S = 5, 2.5, 0.3
SHIPPED = DEPLOY / "rabbitmq" / "rabbitmq.conf"


def run(lab: Lab, report: Report) -> None:
    report.faults = "payloads by our client, and by a raw one that does not stop at the limit"
    sizes = [size for size in SIZES if size <= report.operations * MIB]
    largest = int(re.search(r"^max_message_size = (\d+)$", SHIPPED.read_text(), re.M)[1])  # type: ignore[index]
    with lab.world(report.id, "till") as world, EdgeProcess(world.folder, world.broker_url) as edge:
        worker = world.workers.start("till")
        neighbour = world.client(edge.url)
        _sizes(world.client(edge.url, timeout_s=20), sizes, report)
        for way, url in {"through the edge": edge.url, "at the broker itself": world.broker_url}.items():
            _raw_sizes(way, url, sizes, largest, report, worker)
        small = [size for size in sizes if size < LIMIT]
        beside = {
            "payloads within the limit": ("say", small[-1]),
            "512 KB each, from a hostile client": ("push", 512 * KIB),
            f"{sizes[-1] // MIB} MB each, from a hostile client": ("push", sizes[-1]),
        }  # fmt: skip
        for case, (what, size) in beside.items():
            with _sender(edge.url, what, size) as sender:
                _compare(case, neighbour, sender, report)


def _sizes(client: BusClient, sizes: list[int], report: Report) -> None:
    wrong = []
    for size in sizes:
        outcome = _say(client, size)
        wanted = "bus.payload-too-large" if size > LIMIT else "ok"
        wrong += [] if outcome == wanted else [f"{size} bytes: {outcome}, not {wanted}"]
    report.add("our client", {"sizes": len(sizes)}, wrong)


def _say(client: BusClient, size: int) -> str:
    text = "x" * size
    try:
        return "ok" if client.till.say(text=text)["text"] == text else "another text"
    except AppError as error:
        return error.code


def _raw_sizes(way: str, url: str, sizes: list[int], largest: int, report: Report, worker: Worker) -> None:
    """A client that does not keep to the limit: refused at the service, or before it."""
    wrong = []
    for size in sizes:
        with RawBroker(url) as raw:
            outcome = _raw_outcome(raw, size)
        # some bytes go to the envelope
        wanted = "refused on the way" if size >= largest else "typed error" if size > LIMIT else "ok"
        wrong += [] if outcome == wanted else [f"{size} bytes: {outcome}, not {wanted}"]
    wrong += [] if worker.running else ["the process exited"]
    report.add(f"raw client {way}", {"sizes": len(sizes)}, wrong)


def _raw_outcome(raw: RawBroker, size: int) -> str:
    replies = str(uuid.uuid4())
    raw.queue(replies, exchange=names.RPC_EXCHANGE, key=replies)
    try:
        _push(raw, _body(size), reply_to=replies)
        return _answer(raw, replies)
    except amqp.exceptions.PreconditionFailed:
        return "refused on the way"


def _answer(raw: RawBroker, replies: str) -> str:
    deadline = time.monotonic() + 30
    while (message := raw.get(replies)) is None and time.monotonic() < deadline:
        time.sleep(0.02)
    raw.channel.queue_delete(replies)
    if message is None:
        return "no answer"
    error = json.loads(message.body)["error"]
    return "ok" if error is None else "typed error" if error["code"] == "bus.malformed-message" else str(error["code"])


def _body(size: int) -> str:
    return json.dumps({"args": [], "kwargs": {"text": "x" * size}})


def _push(raw: RawBroker, body: str, reply_to: str) -> None:
    raw.channel.basic_publish(amqp.Message(
        body, content_type=names.JSON_CONTENT_TYPE, reply_to=reply_to, correlation_id="1",
    ), names.RPC_EXCHANGE, "till.say")  # fmt: skip


@dataclass(frozen=True)
class _Sender:
    """Another process that sends while `going` is set. sent: how many messages so far."""

    going: Any
    sent: Any


@contextmanager
def _sender(url: str, what: str, size: int) -> Iterator[_Sender]:
    spawn = multiprocessing.get_context("spawn")
    sender = _Sender(spawn.Event(), spawn.Value("i", 0))
    process = spawn.Process(target=_send_for_ever, args=(url, what, size, sender), daemon=True)
    process.start()
    try:
        yield sender
    finally:
        process.kill()
        process.join(10)


def _compare(case: str, neighbour: BusClient, sender: _Sender, report: Report) -> None:
    """What a neighbour sees without and with what is sent, in turns: the machine's own moods then hit both."""
    sender.going.set()
    wait_for(lambda: sender.sent.value > 0, STARTED_S)
    alone, beside, sent = list[float](), list[float](), 0
    for _ in range(TURNS):
        sender.going.clear()
        time.sleep(SETTLING_S)
        alone += _latencies(neighbour)
        sender.going.set()
        time.sleep(SETTLING_S)
        before = sender.sent.value
        beside += _latencies(neighbour)
        sent += sender.sent.value - before
    ratio = _p99(beside) / _p99(alone)
    wrong = [f"its p99 is {ratio:.1f} times that without them"] if ratio >= 2 else []
    report.add(f"neighbour beside {case}", {
        "calls alone": len(alone), "p50 ms alone": _p50(alone), "p99 ms alone": _p99(alone), "calls": len(beside),
        "p50 ms": _p50(beside), "p99 ms": _p99(beside), "sent/s": sent / (TURNS * SECONDS), "ratio": ratio,
    }, wrong if sent else ["nothing was sent"])  # fmt: skip


def _send_for_ever(url: str, what: str, size: int, sender: _Sender) -> None:
    # It stands for another machine, whose processor is not ours: it takes what is left of this one's.
    os.nice(19)
    if what == "say":
        with BusClient(url, timeout_s=20) as client:
            while sender.going.wait():
                _say(client, size)
                sender.sent.value += 1
                time.sleep(0.1)
    body = _body(size)  # once: what is measured is what it does to the service, not the making of it
    while True:
        with suppress(amqp.exceptions.AMQPError, OSError), RawBroker(url) as raw:
            while sender.going.wait():
                _push(raw, body, str(uuid.uuid4()))
                sender.sent.value += 1
                time.sleep(0.1)


def _latencies(client: BusClient) -> list[float]:
    """Of small calls, one after the other."""
    found, end = [], time.monotonic() + SECONDS
    while time.monotonic() < end:
        began = time.monotonic()
        client.till.say(text="small", timeout_s=10)
        found.append(time.monotonic() - began)
        time.sleep(0.005)
    return found


def _p99(latencies: list[float]) -> float:
    return quantiles(latencies, n=100)[98] * 1000


def _p50(latencies: list[float]) -> float:
    return quantiles(latencies, n=100)[49] * 1000
