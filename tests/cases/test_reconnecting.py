"""A service that only reconnects: it waits between its tries, says that it is not alive, and keeps no memory."""
from __future__ import annotations

import gc
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from shared_components.bus.amqp import reconnecting as sessions
from shared_components.bus.amqp.connection import CONNECTION_ERRORS, BrokerConnection
from shared_components.bus.amqp.reconnecting import LOSSES, LOSSES_WITHIN_S, ReconnectingConnection
from shared_components.devstack.servers import RabbitMQ
from shared_components.observability.health import Health
from shared_components.runtime.host import LONGEST_WITHOUT_CONNECTION_S, ServiceHost
from tests.integration.bus_harness import wait_until


class ShortConnection:
    """A connection that lives for so long."""

    lives_s = 0.0
    opened: list[float]

    def __init__(self, url: str, *, heartbeat_s: int) -> None:
        self.closed = False
        self.opened.append(time.monotonic())

    def drain(self) -> None:
        time.sleep(self.lives_s)
        raise OSError("the broker closed the connection")

    def close(self) -> None:
        self.closed = True

    dispose = abort = close


@pytest.fixture
def reconnecting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., ReconnectingConnection]]:
    begun: list[ReconnectingConnection] = []
    ShortConnection.opened = []
    monkeypatch.setattr(sessions, "BrokerConnection", ShortConnection)

    def begin(lives_s: float) -> ReconnectingConnection:
        monkeypatch.setattr(ShortConnection, "lives_s", lives_s)
        begun.append(ReconnectingConnection(
            "amqp://nowhere", name="rpc-test", heartbeat_s=0, on_open=lambda connection: None))
        begun[-1].start()
        return begun[-1]

    yield begin
    for one in begun:
        one.stop()


def test_a_connection_that_is_lost_at_once_is_opened_again_more_and_more_slowly(
    reconnecting: Callable[..., ReconnectingConnection],
) -> None:
    """It was opened 80 to 100 times a second."""
    reconnecting(0.0)
    time.sleep(2.0)
    assert 3 <= len(ShortConnection.opened) <= 6
    gaps = [later - earlier for earlier, later in zip(ShortConnection.opened, ShortConnection.opened[1:], strict=False)]
    assert gaps[-1] > 2 * gaps[0]


def test_a_connection_that_was_healthy_is_opened_again_at_once(
    reconnecting: Callable[..., ReconnectingConnection], monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sessions, "HEALTHY_AFTER_S", 0.05)
    reconnecting(0.06)
    wait_until(lambda: len(ShortConnection.opened) >= 10, "ten connections, one after the other", seconds=5)
    assert ShortConnection.opened[9] - ShortConnection.opened[0] < 1.5


def test_a_service_that_never_keeps_a_connection_is_not_alive(
    reconnecting: Callable[..., ReconnectingConnection],
) -> None:
    """`/live` said 200 for ever, since each new connection began the time anew."""
    session, host = reconnecting(0.01), ServiceHost([], lambda service: {}, Health())
    wait_until(lambda: len(ShortConnection.opened) > 2, "some connections")
    assert host._liveness(session) is None
    session._lost_at -= LONGEST_WITHOUT_CONNECTION_S + 1
    assert str(host._liveness(session)).startswith("no connection for 121 s")


def test_a_service_that_loses_one_healthy_connection_after_the_other_is_not_alive(
    reconnecting: Callable[..., ReconnectingConnection], monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sessions, "HEALTHY_AFTER_S", 0.01)
    session, host = reconnecting(0.02), ServiceHost([], lambda service: {}, Health())
    said = f"its connection was lost {LOSSES} times within {LOSSES_WITHIN_S:.0f} s"
    wait_until(lambda: host._liveness(session) == said, said, seconds=10)


def use(broker: RabbitMQ) -> None:
    """Everything that a service does on a connection, and then its loss."""
    connection = BrokerConnection(broker.url, heartbeat_s=30)
    connection.confirm(lambda sequence, multiple, accepted: None)

    def keep(*_: object) -> None:
        assert connection is not None  # as callbacks of a service do, it holds the connection

    connection.on_return(keep)
    connection.consume("amq.rabbitmq.reply-to", keep, tag="replies", no_ack=True)
    connection.publish(b"x", exchange="", routing_key="nowhere", content_type="text/plain", headers={"a": 1})
    connection._transport.sock.shutdown(socket.SHUT_RDWR)
    with suppress(*CONNECTION_ERRORS):
        while True:
            connection.drain()
    connection.dispose()


def kept() -> int:
    return sum(str(type(one).__module__).partition(".")[0] in ("amqp", "kombu") or isinstance(one, BrokerConnection)
               for one in gc.get_objects())  # fmt: skip


@pytest.mark.integration
def test_a_connection_that_was_lost_leaves_nothing_behind(rabbitmq: RabbitMQ) -> None:
    """2,820 connections kept 431 MiB: each a buffer of 128 KiB in a cycle, which the collector rarely reached."""
    use(rabbitmq)
    gc.collect()
    gc.disable()
    try:
        before, threads = kept(), threading.active_count()
        for _ in range(10):
            use(rabbitmq)
        wait_until(lambda: threading.active_count() <= threads, "the threads of lost connections end", seconds=2)
        assert kept() <= before
    finally:
        gc.enable()


def one_write(connection: BrokerConnection) -> None:
    """As services acknowledge: what was gathered is written when the connection may be gone."""
    with connection.one_write():
        connection.ack(1)


LATE_USES: dict[str, Callable[[BrokerConnection], object]] = {
    "publish": lambda connection: connection.publish(
        b"x", exchange="", routing_key="nowhere", content_type="text/plain"),
    "publish with headers": lambda connection: connection.publish(
        b"x", exchange="", routing_key="nowhere", content_type="text/plain", headers={"a": 1}),
    "acknowledge": lambda connection: connection.ack(1),
    "reject": lambda connection: connection.reject(1, requeue=True),
    "one write": one_write,
    "get": lambda connection: connection.get("nowhere"),
    "consume": lambda connection: connection.consume("nowhere", print, tag="late"),
    "cancel": lambda connection: connection.cancel("late"),
    "confirm": lambda connection: connection.confirm(print),
    "drain": lambda connection: connection.drain(),
}


@pytest.mark.integration
@pytest.mark.parametrize("name", LATE_USES)
def test_a_late_use_of_a_lost_connection_says_that_it_is_lost(rabbitmq: RabbitMQ, name: str) -> None:
    """Another thread may still have it in hand. An error of another kind ended the service's process."""
    connection = BrokerConnection(rabbitmq.url, heartbeat_s=0)
    connection.dispose()
    try:
        LATE_USES[name](connection)
    except CONNECTION_ERRORS:
        return
    assert name in ("cancel", "drain"), "a lost connection took it"
