"""`python -m tests.benchmarks.load.bus JSON`: load from the product's own client, in a process of its own."""
from __future__ import annotations

from shared_components.bus.runtime import patch

patch()

import json  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable, Mapping  # noqa: E402
from typing import Any  # noqa: E402

from shared_components.bus.client import BusClient  # noqa: E402
from shared_components.observability.tracing import TraceContext  # noqa: E402
from tests.benchmarks.load.drive import Ask, Load  # noqa: E402
from tests.benchmarks.load.requests import order  # noqa: E402
from tests.benchmarks.load.tally import say  # noqa: E402

# Longer than the product's default, so that a slow machine shows as a slow machine and not as lost calls.
TIMEOUT_S = 60.0


def trace() -> dict[str, str]:
    """As a gateway begins one for each request."""
    return {"traceparent": str(TraceContext.new())}


def echo(client: BusClient) -> Ask:
    return lambda n: client.call("echo", "echo", {"a": n}, context=trace())


def create_order(client: BusClient) -> Ask:
    return lambda n: client.call("payment", "create_order", order(n), context=trace())


WORK: Mapping[str, Callable[[BusClient], Ask]] = {"echo": echo, "create_order": create_order}


def main(spec: Mapping[str, Any]) -> None:
    """spec: url, work, in_flight, connections, seconds, calls, warm_up (calls that are not counted)."""
    clients = [BusClient(spec["url"], timeout_s=TIMEOUT_S) for _ in range(spec["connections"])]
    make = WORK[spec["work"]]
    load = Load([make(clients[n % len(clients)]) for n in range(spec["in_flight"])])
    load.run(seconds=0, calls=spec["warm_up"])
    say(load.run(seconds=spec["seconds"], calls=spec["calls"]))
    for client in clients:
        client.close()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
