"""`python -m tests.benchmarks.load.stock JSON`: the same load from nameko's standalone client."""
from __future__ import annotations

from shared_components.bus.green.patching import patch, settle_memory

patch()

import itertools  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections import deque  # noqa: E402
from collections.abc import Callable, Iterator, Mapping  # noqa: E402
from contextlib import ExitStack  # noqa: E402
from typing import Any  # noqa: E402

from nameko.standalone.rpc import ServiceRpcProxy  # noqa: E402

from tests.benchmarks.load.drive import Ask, Load  # noqa: E402
from tests.benchmarks.load.requests import order  # noqa: E402
from tests.benchmarks.load.tally import Tally, say  # noqa: E402

Request = Callable[[int], dict[str, Any]]


def echo(n: int) -> dict[str, Any]:
    return {"a": n}


def create_order(n: int) -> dict[str, Any]:
    return {"op_id": f"{RUN}-{n}", **order(n)}


def create_bare_order(n: int) -> dict[str, Any]:
    return {"idem": f"{RUN}-{n}", "amount": 1000, "currency": "CNY", "payer": "林静"}


RUN = f"{time.time_ns():x}"
WORK: Mapping[str, Request] = {
    "echo": echo, "create_order": create_order, "create_bare_order": create_bare_order,
}


def main(spec: Mapping[str, Any]) -> None:
    request = WORK[spec["work"]]
    config = {"AMQP_URI": spec["url"]}
    settle_memory()
    with ExitStack() as stack:
        proxies = [stack.enter_context(ServiceRpcProxy("stock", config)) for _ in range(spec["connections"])]
        methods = [getattr(proxy, spec["work"]) for proxy in proxies]
        if len(methods) > 1 or spec["in_flight"] == 1:
            load = Load([_asker(method, request) for method in methods])
            load.run(seconds=0, calls=spec["warm_up"])
            say(load.run(seconds=spec["seconds"], calls=spec["calls"]))
        else:
            numbers = itertools.count()
            _pipeline(methods[0], request, numbers, in_flight=spec["in_flight"], seconds=0, calls=spec["warm_up"])
            say(_pipeline(methods[0], request, numbers,
                          in_flight=spec["in_flight"], seconds=spec["seconds"], calls=spec["calls"]))  # fmt: skip


def _asker(method: Any, request: Request) -> Ask:
    return lambda n: method(**request(n))


def _pipeline(
    method: Any, request: Request, numbers: Iterator[int], *, in_flight: int, seconds: float, calls: int,
) -> dict[str, Any]:
    """One proxy serves one greenlet; many in flight is its call_async, the oldest reply taken first."""
    tally = Tally()
    waiting: deque[tuple[float, Any]] = deque()
    began, cpu = time.perf_counter(), time.process_time()
    until = began + seconds if not calls else float("inf")
    sent = 0

    def take() -> None:
        at, reply = waiting.popleft()
        reply.result()
        tally.latencies_s.append(time.perf_counter() - at)

    while time.perf_counter() < until and not (calls and sent >= calls):
        waiting.append((time.perf_counter(), method.call_async(**request(next(numbers)))))
        sent += 1
        if len(waiting) >= in_flight:
            take()
    while waiting:
        take()
    return tally.summary(time.perf_counter() - began, time.process_time() - cpu)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
