"""R21: payloads of every size."""
from __future__ import annotations

import json
import multiprocessing
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

import amqp

from shared_components.bus import BusClient
from shared_components.bus.amqp import names
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
TURNS, SECONDS, SETTLING_S, PAUSE_S = 5, 2.5, 0.3, 0.1
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
        large = f"{sizes[-1] // MIB} MB each, from a hostile client"
        beside = {
            "payloads within the limit": (_say_for_ever, small[-1], PAUSE_S),
            "512 KB each, from a hostile client": (_push_for_ever, 512 * KIB, PAUSE_S),
            "512 KB each, as fast as they go": (_push_for_ever, 512 * KIB, 0),
            large: (_push_for_ever, sizes[-1], PAUSE_S),
            "connections without end, from a hostile client": (_come_for_ever, 0, 0),
        }  # fmt: skip
        for case, what in beside.items():
            with _sender(edge.url, *what) as sender:
                _compare(case, neighbour, sender, report)
        with _sender(world.broker_url, _push_for_ever, sizes[-1], PAUSE_S) as sender:
            _compare(f"{large}, without the edge", world.client(), sender, report, judged=False)
        report.notes.append("without the edge: for comparison, and not judged; begun/s: messages or connections begun, "
                            "which the edge slows down")


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
    key = str(uuid.uuid4())
    replies = f"rpc.reply-raw-{key}"
    raw.queue(replies, exchange=names.RPC_EXCHANGE, key=key)
    try:
        _push(raw, _body(size), reply_to=key)
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
    """Another process that sends while `going` is set. begun: how many messages, or connections, so far."""

    going: Any
    begun: Any

    def begin(self) -> None:
        """Waits until it may."""
        self.going.wait()
        self.begun.value += 1


Sending = Callable[[str, int, float, _Sender], None]


@contextmanager
def _sender(url: str, sending: Sending, size: int, pause_s: float) -> Iterator[_Sender]:
    spawn = multiprocessing.get_context("spawn")
    sender = _Sender(spawn.Event(), spawn.Value("i", 0))
    process = spawn.Process(target=_as_another_machine, args=(sending, url, size, pause_s, sender), daemon=True)
    process.start()
    try:
        yield sender
    finally:
        process.kill()
        process.join(10)


def _compare(case: str, neighbour: BusClient, sender: _Sender, report: Report, *, judged: bool = True) -> None:
    """Measure a neighbour without and with the load, in turns: changes of the machine then affect both."""
    sender.going.set()
    wait_for(lambda: sender.begun.value > 0, STARTED_S)
    alone, beside = list[float](), list[float]()
    first, begun_beside = sender.begun.value, 0
    for _ in range(TURNS):
        sender.going.clear()
        time.sleep(SETTLING_S)
        alone += _latencies(neighbour)
        before = sender.begun.value
        sender.going.set()
        time.sleep(SETTLING_S)
        beside += _latencies(neighbour)
        begun_beside += sender.begun.value - before
    ratio = _p99(beside) / _p99(alone)
    wrong = [f"its p99 is {ratio:.1f} times that without them"] if ratio >= 2 and judged else []
    report.add(f"neighbour beside {case}", {
        "calls alone": len(alone), "p50 ms alone": _p50(alone), "p99 ms alone": _p99(alone), "calls": len(beside),
        "p50 ms": _p50(beside), "p99 ms": _p99(beside), "begun/s": begun_beside / (TURNS * (SECONDS + SETTLING_S)),
        "ratio": ratio,
    }, wrong if sender.begun.value > first else ["nothing was sent"])  # fmt: skip


def _as_another_machine(sending: Sending, url: str, size: int, pause_s: float, sender: _Sender) -> None:
    # Its processor would not be ours: it takes what is left of this one's.
    os.nice(19)
    while True:
        with suppress(amqp.exceptions.AMQPError, OSError):
            sending(url, size, pause_s, sender)


def _say_for_ever(url: str, size: int, pause_s: float, sender: _Sender) -> None:
    with BusClient(url, timeout_s=20) as client:
        while True:
            sender.begin()
            _say(client, size)
            time.sleep(pause_s)


def _push_for_ever(url: str, size: int, pause_s: float, sender: _Sender) -> None:
    body = _body(size)  # once: what is measured is what it does to the service, not the making of it
    while True:
        sender.going.wait()
        with suppress(amqp.exceptions.AMQPError, OSError), RawBroker(url) as raw:
            while True:
                sender.begin()
                _push(raw, body, str(uuid.uuid4()))
                time.sleep(pause_s)


def _come_for_ever(url: str, size: int, pause_s: float, sender: _Sender) -> None:
    while True:
        sender.begin()
        with suppress(amqp.exceptions.AMQPError, OSError), RawBroker(url):
            time.sleep(pause_s)


def _latencies(client: BusClient) -> list[float]:
    """Measure the latencies of small calls, one after the other."""
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
