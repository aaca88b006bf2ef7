"""Our bus when a part of the whole fails: the twins of tests/integration/bus_stock/test_failures.py."""
from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from shared_components.bus.amqp import names, topology
from shared_components.bus.amqp.connection import CONNECTION_ERRORS, BrokerConnection
from shared_components.bus.errors import NoReply
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.kernel.errors import AppError, OutcomeUnknown, Unavailable
from tests.integration.bus.conftest import Bench
from tests.integration.bus_harness import ReplyQueue, wait_until

pytestmark = pytest.mark.integration

QUEUE = "rpc-echo"


class Background:
    """A call in a thread of its own."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self.outcome: Any = None
        self._call = call
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.outcome = self._call()
        except AppError as error:
            self.outcome = error

    def result(self, *, seconds: float = 20.0) -> Any:
        self._thread.join(seconds)
        assert not self._thread.is_alive(), "the call never ended"
        return self.outcome


def test_work_in_hand_at_sigterm_is_answered_acknowledged_and_not_repeated(bench: Bench) -> None:
    raw, client = bench.raw(), bench.client()
    service = bench.start("echo").wait_until_consuming(raw, QUEUE)
    replies = ReplyQueue(raw)
    raw.call("echo", "keep", replies=replies, key="plain", seconds=1)
    ours = Background(lambda: client.echo.keep(key="ours", seconds=1, timeout_s=10))
    bench.effects.wait_for("started plain")
    bench.effects.wait_for("started ours")
    service.terminate()
    assert ours.result() == {"key": "ours"}
    assert replies.result()["result"] == {"key": "plain"}
    assert service.wait_exit() == 0
    assert raw.depth(QUEUE) == 0
    assert (bench.effects.count("started plain"), bench.effects.count("started ours")) == (1, 1)


def test_what_comes_after_sigterm_waits_for_the_next_process(bench: Bench) -> None:
    raw, client = bench.raw(), bench.client()
    service = bench.start("echo").wait_until_consuming(raw, QUEUE)
    ours = Background(lambda: client.echo.keep(key="first", seconds=1, timeout_s=10))
    bench.effects.wait_for("started first")
    service.terminate()
    wait_until(lambda: raw.consumers(QUEUE) == 0, "no consumer")
    later = Background(lambda: client.echo.keep(key="later", timeout_s=15))
    assert ours.result() == {"key": "first"}
    assert service.wait_exit() == 0
    bench.start("echo")
    assert later.result() == {"key": "later"}


def test_work_that_does_not_end_is_cut_off_at_the_end_of_the_drain_and_done_by_the_next_process(bench: Bench) -> None:
    raw, client = bench.raw(), bench.client()
    service = bench.start("echo", bus={"drain_s": 0.5}, BUS_TEST_LONG="first").wait_until_consuming(raw, QUEUE)
    call = Background(lambda: client.echo.keep(key="first", op_id="op-first", timeout_s=20))
    bench.effects.wait_for("started first")
    service.terminate()
    assert service.wait_exit() == 1, "the exit code tells that something was cut off"
    assert bench.committed("echo", "first") == 0
    raw.wait_for_depth(QUEUE, 1)
    bench.start("echo")
    assert call.result() == {"key": "first"}
    assert bench.committed("echo", "first") == 1


def test_a_message_is_acknowledged_when_its_last_call_is_done(bench: Bench) -> None:
    raw = bench.raw()
    service = bench.start("echo", BUS_TEST_LONG="k").wait_until_consuming(raw, QUEUE)
    replies: list[Any] = []
    raw.channel.basic_consume(names.DIRECT_REPLY_TO, callback=replies.append, no_ack=True)
    calls = [{"id": "quick", "method": "echo", "kwargs": {"value": "1"}},
             {"id": "slow", "method": "keep", "kwargs": {"key": "k"}, "op_id": "op-k"}]  # fmt: skip
    raw.publish(json.dumps(calls), key="echo.calls", content_type=names.CALLS_CONTENT_TYPE,
                reply_to=names.DIRECT_REPLY_TO)  # fmt: skip
    raw.channel.connection.drain_events(timeout=5)
    assert [reply["id"] for reply in json.loads(replies[0].body)] == ["quick"]
    bench.effects.wait_for("started k")
    service.kill()
    raw.wait_for_depth(QUEUE, 1)
    bench.start("echo")
    bench.effects.wait_for("done k")
    wait_until(lambda: bench.committed("echo", "k") == 1, "the slow call is done by the next process")


def test_work_committed_but_not_answered_when_killed_is_one_effect_and_one_reply(bench: Bench) -> None:
    raw, client = bench.raw(), bench.client()
    flag = bench.folder / "die"
    service = bench.start("echo", BUS_TEST_DIE=str(flag)).wait_until_consuming(raw, QUEUE)
    flag.touch()
    call = Background(lambda: client.echo.keep(key="k", timeout_s=20))
    assert service.wait_exit() == -9
    assert bench.committed("echo", "k") == 1
    bench.start("echo")
    assert call.result() == {"key": "k"}
    assert bench.committed("echo", "k") == 1
    assert bench.effects.count("started k") == 1


def test_a_caller_whose_callee_is_gone_ends_at_its_deadline_and_can_ask_again(bench: Bench) -> None:
    raw, client = bench.raw(), bench.client()
    service = bench.start("echo").wait_until_consuming(raw, QUEUE)
    call = Background(lambda: client.echo.keep(key="k", seconds=2, op_id="op-1", timeout_s=1))
    bench.effects.wait_for("started k")
    service.kill()
    outcome = call.result(seconds=3)
    assert isinstance(outcome, NoReply) and isinstance(outcome, OutcomeUnknown)
    assert len(client._pending) == 0
    bench.start("echo").wait_until_consuming(raw, QUEUE)
    # the very same request: its operation id may not carry another
    assert client.echo.keep(key="k", seconds=2, op_id="op-1", timeout_s=10) == {"key": "k"}
    assert bench.committed("echo", "k") == 1


def test_a_blocked_broker_is_unavailable_in_time_and_heals(bench: Bench, private: PrivateRabbitMQ) -> None:
    raw, client = bench.raw(), bench.client()
    gate = bench.folder / "gate"
    service, probe = bench.start_probed("echo", BUS_TEST_GATE=str(gate))
    service.wait_until_consuming(raw, QUEUE)
    probe.wait_ready()
    in_hand = Background(lambda: client.echo.keep(key="gated", timeout_s=40))
    bench.effects.wait_for("started gated")
    try:
        private.ctl("set_vm_memory_high_watermark", "0.000001")
        began = time.monotonic()
        blocked = Background(lambda: client.echo.echo(value="blocked", timeout_s=2))
        assert isinstance(blocked.result(seconds=5), Unavailable | OutcomeUnknown)
        assert time.monotonic() - began < 3
        again = Background(lambda: client.echo.echo(value="blocked again", timeout_s=1))
        assert isinstance(again.result(seconds=3), Unavailable)
        assert not client.connected
        # Nobody is told before it publishes: a reply, and the event of what was in hand.
        gate.touch()
        probe.wait_unready_but_alive("rpc-echo-consuming")
        probe.wait_unready_but_alive("echo-publishing")
    finally:
        private.ctl("set_vm_memory_high_watermark", "0.4")
    wait_until(lambda: client.connected, "the client is ready again")
    assert client.echo.echo(value="after", timeout_s=5) == {"value": "after"}
    assert in_hand.result() == {"key": "gated"}
    probe.wait_ready()


@pytest.mark.slow
def test_a_broker_restart_in_a_call_loses_nothing_and_leaves_nobody_idle(
    bench: Bench, private: PrivateRabbitMQ
) -> None:
    client = bench.client()
    early, probe = bench.start_probed("echo", "relay", "listener")
    early.wait_until_consuming(bench.raw(), QUEUE)
    early.wait_until_consuming(bench.raw(), "rpc-relay")
    early.wait_until_consuming(bench.raw(), "events.listener.on_kept")
    # RabbitMQ writes down that a quorum queue exists only after half a second; killed before, it loses the queue.
    time.sleep(1.5)
    call = Background(lambda: client.echo.keep(key="direct", seconds=1, timeout_s=40))
    through = Background(lambda: client.relay.relay(key="through", seconds=1, timeout_s=40))
    bench.effects.wait_for("started direct")
    bench.effects.wait_for("started through")
    private.kill()
    try:
        # started while there is no broker
        late, late_probe = bench.start_probed("slow")
        bench.effects.wait_for("done direct")
        probe.wait_unready_but_alive("rpc-echo-consuming")
        wait_until(late_probe.live, "the one that has never had a broker is alive", seconds=20)
        late_probe.wait_unready_but_alive("rpc-slow-consuming")
    finally:
        private.start()
    after = bench.raw()
    for name in ("echo", "relay", "slow"):
        early.wait_until_consuming(after, f"rpc-{name}")
    assert call.result() == {"key": "direct"}
    assert through.result(seconds=40) == {"key": "through"}
    for key in ("direct", "through"):
        assert bench.committed("echo", key) == 1
        wait_until(lambda key=key: bench.committed("listener", key) > 0, "the event arrives", seconds=20)  # type: ignore[misc]
        assert bench.committed("listener", key) == 1
    probe.wait_ready()
    late_probe.wait_ready()
    metrics = probe.metrics()
    assert 'zhongtai_broker_reconnects_total{connection="rpc-echo"}' in metrics
    assert 'zhongtai_client_calls_total{method="keep",outcome="ok",service="echo"}' in metrics, "relay's call"
    for service in (early, late):
        service.terminate()
        assert service.wait_exit() == 0


def test_whatever_is_done_on_a_link_that_the_broker_has_closed_says_that_it_is_broken(
    private: PrivateRabbitMQ, broker_url: str,
) -> None:
    """An unexpected error here would end the process that has just handled the call."""
    connection = BrokerConnection(broker_url)
    private.ctl("close_all_connections", "--vhost", broker_url.rpartition("/")[2], "a test")
    with pytest.raises(CONNECTION_ERRORS):
        while True:
            connection.drain()
    tries: list[Callable[[], Any]] = [
        lambda: connection.ack(1), lambda: connection.reject(1, requeue=True), lambda: connection.cancel("tag"),
        lambda: connection.publish(b"{}", exchange="", routing_key="q", content_type="application/json"),
        lambda: connection.publish(
            b"{}", exchange="", routing_key="q", content_type="application/json", headers={"a": 1}),
    ]
    for attempt in tries:
        with pytest.raises(CONNECTION_ERRORS):
            attempt()
        with pytest.raises(CONNECTION_ERRORS), connection.one_write():
            attempt()
    connection.dispose()


@pytest.mark.parametrize(("method", "delivered_before", "code"), [
    ("keep", True, "bus.no-reply"), ("keep", False, "bus.deadline-passed"), ("echo", True, "bus.deadline-passed"),
])
def test_a_call_that_another_process_may_have_done_is_not_called_undone(
    bench: Bench, method: str, delivered_before: bool, code: str,
) -> None:
    """The first process may have done the call and died before its reply; "nothing was done" would be wrong."""
    raw = bench.raw()
    replies = raw.queue(str(uuid.uuid4()))
    topology.declare_rpc(raw.channel, "echo")
    call = {"id": "1", "method": method, "kwargs": {"key": "k"} if method == "keep" else {"value": "v"},
            "op_id": "op-1", "deadline": time.time() - 1, "context": {"caller": "app-x"}}
    raw.publish(json.dumps([call]), key=f"echo.{names.CALLS_METHOD}", content_type=names.CALLS_CONTENT_TYPE,
                reply_to=replies)
    raw.wait_for_depth(QUEUE, 1)
    if delivered_before:
        taken = raw.channel.basic_get(QUEUE)
        raw.channel.basic_reject(taken.delivery_tag, requeue=True)
    bench.start("echo")
    raw.wait_for_depth(replies, 1)
    answer = raw.get(replies)
    assert answer is not None
    reply, = json.loads(answer.body)
    assert reply["error"]["code"] == code
    assert code != "bus.no-reply" or reply["error"]["details"]["op_id"] == "op-1"
