"""`python -m tests.benchmarks.load.bus JSON`: load from the product's own client, in a process of its own."""
from __future__ import annotations

from shared_components.bus.green.patching import patch, settle_memory

patch()

import json  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable, Mapping  # noqa: E402
from itertools import cycle  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from shared_components.bus.client.blocking import BusClient  # noqa: E402
from shared_components.kernel.errors import AppError  # noqa: E402
from shared_components.observability.tracing import new_traceparent  # noqa: E402
from tests.benchmarks.load.drive import Ask, Load  # noqa: E402
from tests.benchmarks.load.requests import order, prepared_calls  # noqa: E402
from tests.benchmarks.load.tally import say  # noqa: E402

# Longer than the product's default, so that a slow machine shows as a slow machine and not as lost calls.
TIMEOUT_S = 60.0
KNOWN = 64
"""Tokens that are shown again and again."""


def trace() -> dict[str, str]:
    """As a gateway begins one for each request."""
    return {"traceparent": new_traceparent()}


def echo(client: BusClient) -> Ask:
    return lambda n: client.call("echo", "echo", {"a": n}, context=trace())


def create_order(client: BusClient) -> Ask:
    return lambda n: client.call("payment", "create_order", order(n), context=trace())


class NotApplied(AppError):
    """Nothing was done with a notification: what was measured is not what it is called."""

    code = "benchmark.not-applied"


def apply_notification(client: BusClient, notification: Mapping[str, Any]) -> None:
    reply = client.call("payment", "apply_channel_notification", notification, context=trace())
    if not reply["applied"] or reply["state"] != "paid":
        raise NotApplied


def introspect(client: BusClient, token: str) -> None:
    reply = client.call("identity", "introspect_token", {"token": token}, context=trace())
    if not reply["active"]:
        raise NotApplied


WORK: Mapping[str, Callable[[BusClient], Ask]] = {"echo": echo, "create_order": create_order}


def work_of(spec: Mapping[str, Any]) -> Callable[[BusClient], Ask]:
    if "tokens" in spec:
        tokens = Path(spec["tokens"]).read_text().split()
        shown = cycle(tokens[:KNOWN] if spec["work"] == "introspect_known" else tokens)
        return lambda client: lambda n: introspect(client, next(shown))
    if "prepared" not in spec:
        return WORK[spec["work"]]
    notifications = [json.loads(line) for line in Path(spec["prepared"]).read_text().splitlines()]
    return lambda client: lambda n: apply_notification(client, notifications[n])


def main(spec: Mapping[str, Any]) -> None:
    """spec: url, work, in_flight, connections, seconds, calls, warm_up (calls that are not counted).

    Where what is sent was prepared, its number ends the load and no time does.
    """
    clients = [
        BusClient(spec["url"], tenant=spec.get("tenant"), timeout_s=TIMEOUT_S) for _ in range(spec["connections"])
    ]
    make = work_of(spec)
    load = Load([make(clients[n % len(clients)]) for n in range(spec["in_flight"])])
    load.run(seconds=0, calls=spec["warm_up"])
    settle_memory()
    say(load.run(seconds=spec["seconds"], calls=prepared_calls(spec) if "prepared" in spec else spec["calls"]))
    for client in clients:
        client.close()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
