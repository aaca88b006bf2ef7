"""`python -m tests.benchmarks.load.http JSON`: HTTP/1.1 requests over kept connections, one in flight on each.

Written on asyncio's transports: an HTTP library would take more of the two cores than the gateway that is measured.
"""
from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from tests.benchmarks.load.requests import order
from tests.benchmarks.load.tally import Tally, say

Body = Callable[[int], dict[str, Any]]
END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"
BODIES: Mapping[str, Body] = {"echo": lambda n: {"a": n}, "create_order": order}


class Connection(asyncio.Protocol):
    """Asks, waits for the whole answer, asks again, for as long as `more` says so."""

    def __init__(self, head: bytes, body: Body, run: Run) -> None:
        self._head, self._body, self._run = head, body, run
        self._received = bytearray()
        self._at = 0.0
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self.ask()

    def ask(self) -> None:
        if not self._run.more():
            self._transport.close()
            return
        body = json.dumps(self._body(next(self._run.numbers)), ensure_ascii=False).encode()
        self._at = time.perf_counter()
        self._transport.write(b"%s%d\r\n\r\n%s" % (self._head, len(body), body))

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(END_OF_HEAD)
        if end < 0:
            return
        head = bytes(self._received[:end]).lower()
        length = int(head.partition(LENGTH)[2].split(b"\r\n", 1)[0])
        if len(self._received) < end + len(END_OF_HEAD) + length:
            return
        self._received.clear()
        status = head.split(b" ", 2)[1].decode()
        if status.startswith("2"):
            self._run.tally.latencies_s.append(time.perf_counter() - self._at)
        else:
            self._run.tally.errors[status] += 1
        self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        self._run.ended()


class Run:
    """One measurement over all of its connections."""

    def __init__(self, numbers: Iterator[int], connections: int, *, seconds: float, calls: int) -> None:
        self.numbers = numbers
        self.tally = Tally()
        self.over = asyncio.Event()
        self._open = connections
        self._left = itertools.count()
        self._calls = calls
        self._until = time.perf_counter() + seconds if not calls else float("inf")

    def more(self) -> bool:
        return time.perf_counter() < self._until and not (self._calls and next(self._left) >= self._calls)

    def ended(self) -> None:
        self._open -= 1
        if self._open == 0:
            self.over.set()


async def load(spec: Mapping[str, Any], numbers: Iterator[int], *, seconds: float, calls: int) -> dict[str, Any]:
    address = urlsplit(spec["url"])
    head = (
        f"POST {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {spec['key']}\r\n"
        "Content-Type: application/json\r\nContent-Length: "
    ).encode()
    began, cpu = time.perf_counter(), time.process_time()
    run = Run(numbers, spec["in_flight"], seconds=seconds, calls=calls)
    loop = asyncio.get_running_loop()
    for _ in range(spec["in_flight"]):
        await loop.create_connection(
            lambda: Connection(head, BODIES[spec["work"]], run), address.hostname, address.port)
    await run.over.wait()
    return run.tally.summary(time.perf_counter() - began, time.process_time() - cpu)


async def main(spec: Mapping[str, Any]) -> None:
    numbers = itertools.count()
    await load(spec, numbers, seconds=0, calls=spec["warm_up"])
    say(await load(spec, numbers, seconds=spec["seconds"], calls=spec["calls"]))


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
