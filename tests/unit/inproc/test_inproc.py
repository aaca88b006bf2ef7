"""Behaviour that only `inproc://` has. What it shares with RabbitMQ is in tests/integration/bus_transport."""
from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import amqp
import pytest
from amqp.exceptions import AMQPNotImplementedError, NotFound, RecoverableConnectionError
from kombu.connection import Connection

import shared_components.inproc as inproc

NAME = "unit-inproc"
URL = f"inproc://{NAME}"
PATIENCE_S = 5.0


@pytest.fixture(autouse=True)
def _fresh_world() -> Iterator[None]:
    yield
    inproc.reset(NAME)


def connect(url: str = URL) -> Connection:
    connection = Connection(url)
    connection.connect()
    return connection


def queue_with(channel: Any, *bodies: bytes) -> str:
    channel.queue_declare("q", auto_delete=False)
    for body in bodies:
        channel.basic_publish(amqp.Message(body), "", "q")
    return "q"


def test_worlds_of_other_names_and_virtual_hosts_are_apart() -> None:
    queue = queue_with(connect().channel(), b"1")
    for other in ("inproc://another", f"{URL}/host", "inproc://"):
        with pytest.raises(NotFound):
            connect(other).channel().queue_declare(queue, passive=True)
    assert connect(f"inproc://somebody@{NAME}/").channel().queue_declare(queue, passive=True).message_count == 1


def test_a_reset_world_is_empty_and_its_connections_are_cut() -> None:
    connection = connect()
    queue = queue_with(connection.channel(), b"1")
    inproc.reset(NAME)
    assert not connection.connected
    with pytest.raises(NotFound):
        connect().channel().queue_declare(queue, passive=True)


def test_a_cut_connection_tells_its_reader_and_its_messages_come_again() -> None:
    connection = connect()
    channel = connection.channel()
    queue = queue_with(channel, b"1")
    held: list[Any] = []
    channel.basic_consume(queue, callback=held.append)
    connection.drain_events(timeout=1)
    threading.Timer(0.05, inproc.disconnect, [NAME]).start()
    with pytest.raises(RecoverableConnectionError):
        connection.drain_events(timeout=PATIENCE_S)
    assert channel.connection is None
    with pytest.raises(RecoverableConnectionError):
        channel.basic_ack(held[0].delivery_tag)
    again = connect().channel().basic_get(queue)
    assert (again.body, again.delivery_info["redelivered"]) == (b"1", True)


def test_a_message_wakes_its_reader_at_once() -> None:
    reader, writer = connect(), connect().channel()
    queue = queue_with(writer)
    arrived: list[float] = []
    reader.channel().basic_consume(queue, callback=lambda message: arrived.append(time.monotonic()), no_ack=True)
    waiting = threading.Thread(target=reader.drain_events, kwargs={"timeout": PATIENCE_S})
    waiting.start()
    time.sleep(0.1)
    sent_at = time.monotonic()
    writer.basic_publish(amqp.Message(b"1"), "", queue)
    waiting.join(PATIENCE_S)
    assert arrived[0] - sent_at < 0.05


def test_threads_share_a_world_without_losing_or_doubling() -> None:
    queue = queue_with(connect().channel())
    got: list[bytes] = []
    total = 4 * 500

    def publish(number: int) -> None:
        channel = connect().channel()
        for count in range(500):
            channel.basic_publish(amqp.Message(b"%d-%d" % (number, count)), "", queue)

    def consume() -> None:
        connection = connect()
        channel = connection.channel()
        channel.basic_qos(0, 10, False)

        def handle(message: Any) -> None:
            got.append(message.body)
            channel.basic_ack(message.delivery_tag)

        channel.basic_consume(queue, callback=handle)
        end = time.monotonic() + PATIENCE_S
        while len(got) < total and time.monotonic() < end:
            with suppress(socket.timeout):
                connection.drain_events(timeout=0.05)

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(4)]
    threads += [threading.Thread(target=consume) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * PATIENCE_S)
    assert len(got) == total
    assert len(set(got)) == total


def test_a_cancelled_consumers_unread_messages_go_to_others() -> None:
    connection, other = connect(), connect()
    channel = connection.channel()
    queue = queue_with(channel, b"1", b"2")
    channel.basic_consume(queue, callback=lambda message: None, consumer_tag="tag")
    channel.basic_cancel("tag")
    got: list[Any] = []
    other.channel().basic_consume(queue, callback=got.append)
    for _ in range(2):
        other.drain_events(timeout=1)
    assert [message.body for message in got] == [b"1", b"2"]


def test_a_closed_channel_refuses_and_closing_again_is_harmless() -> None:
    channel = connect().channel()
    channel.close()
    channel.close()
    attempts: Sequence[Callable[[], object]] = (
        lambda: channel.basic_ack(1), lambda: channel.queue_declare("q"),
        lambda: channel.basic_publish(amqp.Message("1"), "", "q"))
    for attempt in attempts:
        with pytest.raises(RecoverableConnectionError):
            attempt()


def test_kombu_entities_work_on_it() -> None:
    with connect() as connection:
        simple = connection.SimpleQueue("simple")
        simple.put({"a": 1}, serializer="json")
        message = simple.get(timeout=1)
        message.ack()
        assert message.payload == {"a": 1}


@pytest.mark.parametrize(("declare", "named"), [
    (lambda on: on.exchange_declare("x", "headers"), "headers exchanges"),
    (lambda on: on.exchange_declare("x", "topic", arguments={"alternate-exchange": "y"}), "alternate exchanges"),
    (lambda on: on.queue_declare("q", arguments={"x-max-length-bytes": 10}), "x-max-length-bytes"),
    (lambda on: on.queue_declare("q", arguments={"x-max-length": 1, "x-overflow": "reject-publish-dlx"}),
     "'reject-publish-dlx'; drop-head and reject-publish are supported"),
    (lambda on: on.basic_qos(0, 3, True), "a_global"),
])
def test_what_only_rabbitmq_has_is_refused_by_name(declare: Callable[[Any], Any], named: str) -> None:
    channel = connect().channel()
    with pytest.raises(AMQPNotImplementedError, match="inproc:// does not support") as refusal:
        declare(channel)
    assert refusal.value.reply_code == 540
    assert named in str(refusal.value)
    assert queue_with(channel, b"1") == "q"  # The channel goes on.
