"""Our bus on a broker that is set up as it is deployed: its policies, and users that say truly who they are."""
from __future__ import annotations

import json
from typing import Any

import pytest

from shared_components.bus.amqp import names
from shared_components.bus.deployment.definitions import definitions
from shared_components.bus.deployment.rights import UNROUTED
from shared_components.bus.errors import CallerUnknown, QueueFull
from shared_components.devstack.external_servers import unique_name
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.kernel.errors import AppError
from tests.integration.bus.conftest import Bench
from tests.integration.bus_harness import wait_until

pytestmark = pytest.mark.integration

CONTRACTS: dict[str, Any] = {
    "echo": {"methods": {}, "consumes": [], "handlers": {}},
    "listener": {
        "methods": {}, "consumes": ["echo.kept"], "handlers": {"on_kept": {"events": ["echo.kept"], "ordered": False}},
    },
    "ordered": {
        "methods": {}, "consumes": ["echo.kept"], "handlers": {"on_kept": {"events": ["echo.kept"], "ordered": True}},
    },
}


def deploy(private: PrivateRabbitMQ, broker_url: str) -> str:
    """The shipped topology and policies, in the test's vhost; gives its name."""
    vhost = broker_url.rpartition("/")[2]
    content = definitions(CONTRACTS)
    parts = {name: content[name] for name in ("exchanges", "queues", "bindings", "policies")}
    private.import_definitions({
        name: [{**one, "vhost": vhost} for one in entries] for name, entries in parts.items()})  # fmt: skip
    return vhost


def test_an_event_that_nobody_is_bound_to_is_kept(bench: Bench, private: PrivateRabbitMQ) -> None:
    deploy(private, bench.broker_url)
    raw, client = bench.raw(), bench.client()
    bench.start("echo").wait_until_consuming(raw, "rpc-echo")
    client.echo.tell(key="unheard", timeout_s=5)
    raw.wait_for_depth(UNROUTED, 1)
    message = raw.get(UNROUTED)
    assert message is not None and json.loads(message.body)["data"] == {"key": "unheard"}
    assert message.properties["delivery_mode"] == 2


def test_an_event_from_before_its_consumer_ever_ran_arrives(bench: Bench, private: PrivateRabbitMQ) -> None:
    deploy(private, bench.broker_url)
    raw, client = bench.raw(), bench.client()
    bench.start("echo").wait_until_consuming(raw, "rpc-echo")
    client.echo.keep(key="early", timeout_s=5)
    raw.wait_for_depth("events.listener.on_kept", 1)
    bench.start("listener", "ordered")
    wait_until(lambda: bench.committed("listener", "early") == 1, "the event is handled")
    bench.effects.wait_for("done in order early")


def test_a_queue_is_full_by_policy(bench: Bench, private: PrivateRabbitMQ) -> None:
    vhost = deploy(private, bench.broker_url)
    private.ctl("set_policy", "-p", vhost, "--priority", "9", "--apply-to", "queues", "small", "^rpc-ghost$",
                '{"max-length": 5, "overflow": "reject-publish"}')  # fmt: skip
    raw, client = bench.raw(), bench.client()
    raw.queue("rpc-ghost", exchange=names.RPC_EXCHANGE, key="ghost.*")
    for number in range(5):
        raw.call("ghost", "work", number)
    raw.wait_for_depth("rpc-ghost", 5)
    with pytest.raises(QueueFull) as full:
        client.ghost.work(timeout_s=0.5)
    assert full.value.details["retry_after_s"] > 0


def test_the_caller_is_the_broker_user_whatever_the_message_says(bench: Bench, private: PrivateRabbitMQ) -> None:
    vhost = bench.broker_url.rpartition("/")[2]
    url = private.add_user("relay", unique_name(), vhost=vhost)
    raw = bench.raw()
    bench.start("echo", bus={"caller_authentication": "broker"}).wait_until_consuming(raw, "rpc-echo")
    liar = bench.client(url=url, caller="operator")
    assert liar.echo.who(timeout_s=5)["caller"] == "relay"
    forged = liar.with_context(caller="operator")
    assert forged.echo.who(timeout_s=5)["caller"] == "relay"


def test_a_message_without_a_validated_user_is_refused(bench: Bench) -> None:
    raw = bench.raw()
    bench.start("echo", bus={"caller_authentication": "broker"}).wait_until_consuming(raw, "rpc-echo")
    replies: list[Any] = []
    raw.channel.basic_consume(names.DIRECT_REPLY_TO, callback=replies.append, no_ack=True)
    call = [{"id": "1", "method": "who", "kwargs": {}, "context": {"caller": "operator"}}]
    raw.publish(json.dumps(call), key="echo.calls", content_type=names.CALLS_CONTENT_TYPE,
                reply_to=names.DIRECT_REPLY_TO)  # fmt: skip
    raw.channel.connection.drain_events(timeout=5)
    assert json.loads(replies[0].body)[0]["error"]["code"] == CallerUnknown.code
    assert issubclass(CallerUnknown, AppError)
