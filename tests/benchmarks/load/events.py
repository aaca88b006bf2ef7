"""`python -m tests.benchmarks.load.events JSON`: publish, and count only what was handled on the other side.

The same generator for both: `spec["stock"]` says whose client it calls with.
"""
from __future__ import annotations

from shared_components.bus.green.patching import patch

patch()

import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable, Mapping  # noqa: E402
from contextlib import ExitStack  # noqa: E402
from typing import Any  # noqa: E402

from nameko.standalone.rpc import ServiceRpcProxy  # noqa: E402

from shared_components.bus.client.blocking import BusClient  # noqa: E402
from tests.benchmarks.load.bus import TIMEOUT_S, trace  # noqa: E402
from tests.benchmarks.load.drive import Ask, Load  # noqa: E402
from tests.benchmarks.load.tally import say  # noqa: E402

LONGEST_LAG_S = 60.0
Handled = Callable[[str], dict[str, Any]]


def main(spec: Mapping[str, Any]) -> None:
    """Calls a second here: events published *and* handled, until the last one was."""
    with ExitStack() as stack:
        publishers, handled = (stock if spec["stock"] else ours)(stack, spec)
        warm = f"warm-{time.time_ns():x}"
        Load([publisher(warm) for publisher in publishers]).run(seconds=0, calls=spec["warm_up"])
        wait_handled(handled, warm, spec["warm_up"])
        run = f"run-{time.time_ns():x}"
        began = time.perf_counter()
        summary = Load([publisher(run) for publisher in publishers]).run(seconds=spec["seconds"], calls=spec["calls"])
        found = wait_handled(handled, run, summary["calls"])
        seconds = time.perf_counter() - began
        say({**summary, "seconds": seconds, "rate": summary["calls"] / seconds,
             "p50_ms": found["p50_ms"], "p99_ms": found["p99_ms"]})


def wait_handled(handled: Handled, run: str, count: int) -> dict[str, Any]:
    until = time.monotonic() + LONGEST_LAG_S
    while (found := handled(run))["count"] < count:
        if time.monotonic() > until:
            raise RuntimeError(f"{found['count']} of {count} events were handled within {LONGEST_LAG_S:.0f} s")
        time.sleep(0.005)
    return found


def ours(stack: ExitStack, spec: Mapping[str, Any]) -> tuple[list[Callable[[str], Ask]], Handled]:
    client = stack.enter_context(BusClient(spec["url"], timeout_s=TIMEOUT_S))

    def publisher(run: str) -> Ask:
        return lambda n: client.call("emitter", "publish", {"run": run, "sent_at": time.time()}, context=trace())

    return [publisher] * spec["in_flight"], lambda run: dict(client.call("listener", "handled", {"run": run}))


def stock(stack: ExitStack, spec: Mapping[str, Any]) -> tuple[list[Callable[[str], Ask]], Handled]:
    """A stock proxy serves one greenlet, so there is one for each call in flight."""
    config = {"AMQP_URI": spec["url"]}
    publishers = [stack.enter_context(ServiceRpcProxy("stock", config)) for _ in range(spec["in_flight"])]
    listener = stack.enter_context(ServiceRpcProxy("stock_listener", config))

    def with_proxy(proxy: Any) -> Callable[[str], Ask]:
        return lambda run: lambda n: proxy.publish(run=run, sent_at=time.time())

    return [with_proxy(proxy) for proxy in publishers], lambda run: dict(listener.handled(run=run))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
