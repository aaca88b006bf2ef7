"""Several processes of one service: who does what."""
from __future__ import annotations

import pytest

from shared_components.bus.server.timer import SHORTEST_LEASE_S
from tests.integration.bus.conftest import Bench
from tests.integration.bus_harness import wait_until

pytestmark = pytest.mark.integration
EVENTS = "events.listener.on_kept"


def test_a_timer_runs_in_one_of_two_processes(bench: Bench) -> None:
    processes = [bench.start("listener") for _ in range(2)]
    processes[0].wait_until_consuming(bench.raw(), EVENTS, count=2)

    def ticks() -> list[str]:
        return [line for line in bench.effects.lines() if line.startswith("tick of ")]

    both_run = len(ticks())
    wait_until(lambda: len(ticks()) >= both_run + 8, "eight runs")
    (ticking,) = set(ticks())
    (holder,) = [one for one in processes if ticking.endswith(f" {one.pid}")]
    holder.terminate()
    assert holder.wait_exit() == 0
    # It has let the lease go, which would else be waited for.
    wait_until(lambda: len(set(ticks())) == 2, "the other one goes on", seconds=SHORTEST_LEASE_S / 3)


def test_calls_and_events_may_have_processes_of_their_own(bench: Bench) -> None:
    raw, client = bench.raw(), bench.client()
    calls, calls_probe = bench.start_probed("echo", "listener", bus={"serves": "calls"})
    calls.wait_until_consuming(raw, "rpc-echo")
    calls_probe.wait_ready()
    assert raw.consumers(EVENTS) == 0
    assert [line for line in bench.effects.lines() if line.startswith("tick of ")] == []
    events, events_probe = bench.start_probed("echo", "listener", bus={"serves": "events"})
    events.wait_until_consuming(raw, EVENTS)
    events_probe.wait_ready()
    assert raw.consumers("rpc-echo") == 1
    assert client.echo.keep(key="k", timeout_s=5) == {"key": "k"}
    wait_until(lambda: bench.committed("listener", "k") == 1, "the other process handles the event")
    for process in (calls, events):
        process.terminate()
        assert process.wait_exit() == 0


def test_a_process_that_stops_hands_over_its_ordered_events_in_order(bench: Bench) -> None:
    raw, client, keys = bench.raw(), bench.client(), ["a-fails-3-", "b", "c"]
    first = bench.start("echo", "ordered", bus={"event_retry_delays_s": [60]})
    first.wait_until_consuming(raw, "rpc-echo").wait_until_consuming(raw, "events.ordered.on_kept")
    for key in keys:
        client.echo.keep(key=key, timeout_s=5)
    bench.effects.wait_for("in order a-fails-3-", 2)
    first.terminate()
    assert first.wait_exit() == 0
    assert [line for line in bench.effects.lines() if line.startswith("done in order ")] == []
    bench.start("ordered", bus={"event_retry_delays_s": [60]})
    wait_until(lambda: bench.committed("ordered", "c") == 1, "the next process handles them")
    done = [line for line in bench.effects.lines() if line.startswith("done in order ")]
    assert done == [f"done in order {key}" for key in keys]
