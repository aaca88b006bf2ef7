"""`python -m tests.benchmarks.load.nats JSON`: NATS request-reply with the payload of echo, many in flight.

`serve` as second argument: answer requests instead, with the payload that came, read and written as JSON.
"""
from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Mapping
from typing import Any

import nats
import orjson

from tests.benchmarks.load.tally import Tally, say

SUBJECT = "echo"
TIMEOUT_S = 60.0


async def serve(url: str) -> None:
    connection = await nats.connect(url)

    async def answer(message: Any) -> None:
        await message.respond(orjson.dumps(orjson.loads(message.data)))

    await connection.subscribe(SUBJECT, cb=answer)
    await connection.flush()
    print("answering", flush=True)
    await asyncio.Event().wait()


async def load(spec: Mapping[str, Any]) -> dict[str, Any]:
    """spec: url, in_flight, connections, seconds, calls, warm_up, as of load/bus.py."""
    connections = [await nats.connect(spec["url"]) for _ in range(spec["connections"])]
    numbers = itertools.count()

    async def run(*, seconds: float, calls: int) -> dict[str, Any]:
        tally, left = Tally(), itertools.count()
        began, cpu = time.perf_counter(), time.process_time()
        until = began + seconds if not calls else float("inf")

        async def work(connection: Any) -> None:
            while (at := time.perf_counter()) < until and not (calls and next(left) >= calls):
                reply = await connection.request(SUBJECT, orjson.dumps({"a": next(numbers)}), timeout=TIMEOUT_S)
                orjson.loads(reply.data)
                tally.latencies_s.append(time.perf_counter() - at)

        await asyncio.gather(*(work(connections[n % len(connections)]) for n in range(spec["in_flight"])))
        return tally.summary(time.perf_counter() - began, time.process_time() - cpu)

    await run(seconds=0, calls=spec["warm_up"])
    summary = await run(seconds=spec["seconds"], calls=spec["calls"])
    for connection in connections:
        await connection.close()
    return summary


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    if sys.argv[2:] == ["serve"]:
        asyncio.run(serve(given["url"]))
    else:
        say(asyncio.run(load(given)))
