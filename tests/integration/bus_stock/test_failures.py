"""Stock nameko, when a part of the whole fails."""
from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from nameko.exceptions import RpcTimeout
from nameko.standalone.rpc import ServiceRpcProxy

from shared_components.devstack.processes import free_port
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.devstack.servers import RabbitMQ
from tests.integration.bus_harness import ROOT, Effects, RawBroker, ReplyQueue, wait_until
from tests.integration.bus_stock.conftest import Start

pytestmark = [pytest.mark.stock, pytest.mark.integration]

QUEUE = "rpc-worker"
# How long the broker is left down before it starts (which takes seconds too): nameko gives a reply up after 5 s.
DOWN_S = 2.5


@pytest.fixture
def private(rabbitmq: RabbitMQ) -> PrivateRabbitMQ:
    if not isinstance(rabbitmq, PrivateRabbitMQ):
        pytest.skip("the broker named by the environment cannot be made to fail")
    return rabbitmq


def test_work_in_hand_at_sigterm_is_answered_and_runs_again(
    start: Start, broker: RawBroker, effects: Effects
) -> None:
    service = start("worker").wait_until_consuming(broker, QUEUE)
    replies = ReplyQueue(broker)
    broker.call("worker", "work", "k", 2.5, replies=replies)
    effects.wait_for("started k")
    service.terminate()
    assert replies.result()["result"] == "k"
    assert service.wait_exit() == 0
    start("worker").wait_until_consuming(broker, QUEUE)
    effects.wait_for("started k", 2)


def test_work_done_but_not_acknowledged_when_killed_runs_twice(
    start: Start, broker: RawBroker, effects: Effects
) -> None:
    service = start("worker").wait_until_consuming(broker, QUEUE)
    broker.call("worker", "work", "k", 30)
    effects.wait_for("started k")
    service.kill()
    start("worker").wait_until_consuming(broker, QUEUE)
    effects.wait_for("started k", 2)


def test_a_caller_waits_for_ever_when_its_callee_is_gone(start: Start, broker: RawBroker, effects: Effects) -> None:
    start("worker").wait_until_consuming(broker, QUEUE).kill()
    caller = start("caller").wait_until_consuming(broker, "rpc-caller")
    replies = ReplyQueue(broker)
    broker.call("caller", "relay", 1, replies=replies)
    broker.wait_for_depth(QUEUE, 1)
    broker.channel.queue_purge(QUEUE)  # the request is lost, so no reply can ever come
    with pytest.raises(AssertionError, match="a reply"):
        replies.wait(seconds=2)
    assert caller.running


def test_work_runs_although_its_caller_has_given_up(
    start: Start, broker: RawBroker, broker_url: str, effects: Effects
) -> None:
    start("worker", MAX_WORKERS="1").wait_until_consuming(broker, QUEUE)
    broker.call("worker", "work", "first", 1)
    effects.wait_for("started first")
    with ServiceRpcProxy("worker", {"AMQP_URI": broker_url}, timeout=0.2) as worker, pytest.raises(RpcTimeout):
        worker.echo("too late")
    assert effects.count("echo too late") == 0
    effects.wait_for("echo too late")


def test_a_service_with_an_event_dispatcher_needs_the_broker_at_start(start: Start) -> None:
    service = start("dispatching", url=f"amqp://guest:guest@127.0.0.1:{free_port()}/")
    assert service.wait_exit(seconds=20) not in (None, 0)


def test_a_publisher_hangs_at_a_blocked_broker(
    start: Start, broker: RawBroker, broker_url: str, private: PrivateRabbitMQ, tmp_path: Path
) -> None:
    start("worker").wait_until_consuming(broker, QUEUE)
    client = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.integration.bus_stock.client", broker_url, "wait"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert client.stdin is not None and client.stdout is not None
    try:
        assert client.stdout.readline() == "ready\n"
        private.ctl("set_vm_memory_high_watermark", "0.000001")
        client.stdin.close()
        with pytest.raises(subprocess.TimeoutExpired):
            client.wait(2)
    finally:
        private.ctl("set_vm_memory_high_watermark", "0.4")
        client.kill()
        client.wait()
        client.stdout.close()


@pytest.mark.slow
def test_a_broker_restart_in_a_call_ends_the_callee_and_leaves_a_caller_that_does_nothing(
    start: Start, broker: RawBroker, broker_url: str, effects: Effects, private: PrivateRabbitMQ
) -> None:
    worker = start("worker").wait_until_consuming(broker, QUEUE)
    caller = start("caller").wait_until_consuming(broker, "rpc-caller")
    broker.call("caller", "delegate", "k", 0.5)
    effects.wait_for("started k")
    private.kill()
    try:
        effects.wait_for("done k")
        time.sleep(DOWN_S)
    finally:
        private.start()
    wait_until(lambda: "killing <ServiceContainer [worker]" in worker.log(), "a failed reply kills the container")
    assert worker.wait_exit(seconds=15) not in (None, 0)
    wait_until(lambda: caller.log().count("Connected to") == 2, "the caller connects again", seconds=15)
    caller.terminate()
    with RawBroker(broker_url) as after:
        wait_until(lambda: after.consumers("rpc-caller") == 0, "the caller stops consuming")
        assert caller.wait_exit(seconds=2) is None
        assert after.consumers("rpc-caller") == 0
