"""How often a service writes to the broker, and what stands in it."""
from __future__ import annotations

import threading
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_components.bus.amqp import wire
from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.bus.amqp.frames import FrameReader
from shared_components.bus.server import event_consumer
from shared_components.bus.server.event_batch import Handling
from shared_components.bus.server.event_consumer import EventConsumer
from shared_components.bus.server.inbound import Delivery, InboundCall
from shared_components.bus.server.replies import bodies
from shared_components.bus.server.requests import Request
from shared_components.bus.server.rpc_consumer import RpcConsumer
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError, NotFound

PUBLISH, ACK = b"\x00\x3c\x00\x28", b"\x00\x3c\x00\x50"


class WrittenConnection(BrokerConnection):
    """A connection whose writes go to a list."""

    def __init__(self) -> None:
        self.closed, self.writes = False, list[bytes]()
        self._channel_id = 1
        self._is_amqp, self._published, self._gathered = True, 0, None
        self._writing = threading.RLock()
        self._raw = SimpleNamespace(bytes_sent=0, frame_max=131072)
        self._transport = SimpleNamespace(write=self.writes.append)

    def methods(self) -> list[bytes]:
        """Class and method of each method frame that was written, in order."""
        found: list[bytes] = []
        data = iter([b"".join(self.writes)])
        reader = FrameReader(lambda _: next(data, b""))
        while True:
            try:
                kind, _, content = reader.read()
            except OSError:
                return found
            if kind == 1:
                found.append(content[:4])


def pending(delivery: Delivery, outcomes: Sequence[Any]) -> list[InboundCall]:
    calls = []
    for number, outcome in enumerate(outcomes):
        request = Request({}, CallContext("app-demo", "demo"))
        request.finish(outcome)
        calls.append(InboundCall(format(number, "x"), "echo", request, delivery))
    return calls


def answer(connection: BrokerConnection, outcomes: Sequence[Any]) -> RpcConsumer:
    consumer = RpcConsumer()
    consumer.service, consumer.limits = "echo", {"max_message_bytes": 1024}
    delivery = Delivery(connection, 7, "amq.rabbitmq.reply-to.x", None, plain=False, open=len(outcomes))
    consumer._deliveries = {delivery}
    consumer._answer(pending(delivery, outcomes))
    return consumer


@pytest.mark.parametrize("outcomes", [[{"a": 1}], [{"a": 1}, NotFound()], [{"a": "x" * 400}] * 6])
def test_a_message_is_answered_and_acknowledged_in_one_write(outcomes: list[Any]) -> None:
    connection = WrittenConnection()
    assert not answer(connection, outcomes)._deliveries
    assert len(connection.writes) == 1
    *replies, last = connection.methods()
    assert replies and set(replies) == {PUBLISH} and last == ACK


def test_what_cannot_be_written_gives_up_its_link() -> None:
    connection, aborted = WrittenConnection(), []

    def fail(_: bytes) -> None:
        raise BrokenPipeError

    connection._transport = SimpleNamespace(write=fail)
    connection.abort = lambda: aborted.append(True)  # type: ignore[method-assign]
    answer(connection, [{"a": 1}])
    assert aborted
    assert connection._gathered is None


def test_handled_events_are_acknowledged_in_one_write_and_failed_ones_seen_to(monkeypatch: pytest.MonkeyPatch) -> None:
    connection, consumer, retried = WrittenConnection(), EventConsumer(), []
    monkeypatch.setattr(
        consumer, "_retry_or_dead_letter", lambda handler, received: retried.append(received), raising=False)
    group = [
        event_consumer.Received(
            connection, SimpleNamespace(delivery_info={"delivery_tag": tag}),
            Handling(None, "listener", error="internal" if tag == 3 else None), 0)  # type: ignore[arg-type]
        for tag in range(1, 101)
    ]  # fmt: skip
    consumer.service, consumer._in_hand = "listener", set(group)
    consumer._settle_all(None, group)  # type: ignore[arg-type]
    assert (len(connection.writes), connection.methods()) == (2, [ACK] * 100)
    assert (retried, consumer._in_hand) == ([group[2]], set())


TEXTS = st.text(max_size=60)
RESULTS = st.one_of(st.none(), st.integers(-5, 5), TEXTS, st.dictionaries(TEXTS, st.none(), max_size=1))


@given(outcomes=st.lists(st.one_of(RESULTS, st.just(NotFound()), st.just({1, 2})), min_size=1, max_size=40))
def test_replies_that_are_encoded_at_once_are_what_each_is_by_itself(outcomes: list[Any]) -> None:
    calls = pending(Delivery(WrittenConnection(), 1, "", None, plain=False), outcomes)
    expected = [
        wire.encode_reply(call.id, None, outcome) if isinstance(outcome, AppError)
        else wire.encode_reply(call.id, outcome, None)
        for call, outcome in zip(calls, outcomes, strict=True) if not isinstance(outcome, set)
    ]  # fmt: skip
    messages = bodies(calls, 512)
    assert all(len(message) <= 512 for message in messages)
    replies = [reply for message in messages for reply in orjson.loads(message)]
    assert [reply["id"] for reply in replies] == [call.id for call in calls]
    assert [orjson.dumps(reply) for reply, outcome in zip(replies, outcomes, strict=True)
            if not isinstance(outcome, set)] == [orjson.dumps(orjson.loads(one)) for one in expected]


def test_good_replies_of_a_group_are_not_encoded_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "encode_reply", lambda *given: pytest.fail("each by itself"))
    (message,) = bodies(pending(Delivery(WrittenConnection(), 1, "", None, plain=False), [{"a": 1}] * 256), 256 * 1024)
    assert len(orjson.loads(message)) == 256
