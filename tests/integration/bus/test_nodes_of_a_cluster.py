"""URLs of several nodes, one of which is away; queues with copies. Killed nodes: R26 to R28 of the laboratory."""
from __future__ import annotations

import asyncio

import pytest

from shared_components.bus import BusClient
from shared_components.bus.amqp import names, topology
from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.bus.client.asyncio_ import AsyncBusClient
from shared_components.db import Database
from shared_components.devstack.external_servers import unique_name
from shared_components.devstack.processes import free_port
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.devstack.servers import PostgreSQL, RabbitMQ
from tests.integration.bus.conftest import Bench

pytestmark = pytest.mark.integration


def beside_nobody(url: str) -> str:
    """The URL with two nodes before it that nobody has started."""
    login, at, rest = url.rpartition("@")
    return f"{login}{at}127.0.0.1:{free_port()},127.0.0.1:{free_port()},{rest}"


def test_both_clients_find_the_node_that_runs(bench: Bench) -> None:
    bench.start("echo").wait_until_consuming(bench.raw(), names.rpc_queue("echo"))
    url = beside_nobody(bench.broker_url)

    async def ask() -> object:
        async with AsyncBusClient(url) as client:
            return await client.call("echo", "keep", {"key": "async"}, timeout_s=10)

    with BusClient(url) as client:
        assert client.echo.keep(key="blocking", timeout_s=10) == {"key": "blocking"}
    assert asyncio.run(ask()) == {"key": "async"}


def test_a_service_finds_the_database_that_runs(postgres: PostgreSQL) -> None:
    url = beside_nobody(postgres.url)
    database = Database(f"{url}?target_session_attrs=read-write", "payment")
    try:
        database.ping()
    finally:
        database.dispose()


@pytest.mark.parametrize("kind", ["classic", "quorum"])
def test_queues_of_calls_and_of_retries_are_of_the_chosen_kind(rabbitmq: RabbitMQ, kind: str) -> None:
    if not isinstance(rabbitmq, PrivateRabbitMQ):
        pytest.skip("rabbitmqctl is needed")
    vhost = unique_name()
    (url,) = rabbitmq.add_vhosts([vhost])
    connection = BrokerConnection(url)
    handled = topology.Subscription("echo", "on_paid", "payment", ("order-paid",))
    for _ in range(2):  # a second process declares the same
        topology.declare_rpc(connection.channel, "echo", queues=kind)
        topology.declare_subscriptions(connection.channel, [handled], [1], queues=kind)
    connection.close()
    lines = rabbitmq.ctl("list_queues", "-p", vhost, "name", "type", "--no-table-headers").splitlines()
    kinds = dict(line.split("\t") for line in lines if "\t" in line)
    assert kinds[names.rpc_queue("echo")].endswith(kind)
    assert kinds[names.retry_queue("echo", "on_paid", 1)].endswith(kind)
    assert kinds[handled.queue].endswith("quorum")


def test_an_event_that_waited_in_a_queue_with_copies_comes_back(rabbitmq: RabbitMQ) -> None:
    (url,) = rabbitmq.add_vhosts([unique_name()])
    connection = BrokerConnection(url)
    handled = topology.Subscription("echo", "on_paid", "payment", ("order-paid",))
    topology.declare_subscriptions(connection.channel, [handled], [0.2], queues="quorum")
    retry = names.retry_queue("echo", "on_paid", 0.2)
    connection.publish(b"{}", exchange="", routing_key=retry, content_type=names.EVENT_CONTENT_TYPE, persistent=True)
    got: list[bytes] = []
    connection.consume(handled.queue, lambda message: got.append(message.body), tag="t", no_ack=True)
    while not got:
        connection.drain()
    connection.close()
    assert [bytes(body, "utf-8") if isinstance(body, str) else body for body in got] == [b"{}"]
