"""A dead letter is sent again to the handler that it came from, and to nobody else."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from shared_components.bus.amqp import names
from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.bus.amqp.topology import declare_dead_letters
from shared_components.bus.deployment.inspection import BrokerView
from shared_components.bus.errors import MalformedMessage
from shared_components.bus.server.dead_letters import DeadLetters
from tests.integration.bus_harness import RawBroker, wait_until
from tests.integration.cli.conftest import zhongtai
from tests.unit.cli.conftest import Zhongtai

__all__ = ["zhongtai"]
pytestmark = pytest.mark.integration
SERVICE, EXCHANGE = "matter", names.event_exchange("payment")
MINE, OTHER = names.event_queue(SERVICE, "on_order_paid"), names.event_queue("notification", "on_order_paid")
RPC = names.rpc_queue(SERVICE)
MALFORMED = b"no event at all"


@pytest.fixture
def broker(broker_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[RawBroker]:
    monkeypatch.setenv("ZHONGTAI_BROKER_URL", broker_url)
    with RawBroker(broker_url) as broker:
        declare_dead_letters(broker.channel, SERVICE)
        broker.channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False)
        for queue in (MINE, OTHER, RPC):
            broker.channel.queue_declare(queue, durable=True, auto_delete=False)
            broker.channel.queue_purge(queue)
            if queue != RPC:
                broker.channel.queue_bind(queue, EXCHANGE, "order-paid")
        broker.channel.queue_purge(names.dead_queue(SERVICE))
        yield broker


def depth(broker: RawBroker, queue: str) -> int:
    return int(broker.channel.queue_declare(queue, passive=True).message_count)


def refuse_next(broker_url: str, queue: str) -> None:
    """Dead-letter the next message, as a handler's consumer does with one that it cannot read."""
    dead = DeadLetters({"broker": {"url": broker_url, "heartbeat_s": 0}, "bus": {"confirm_timeout_s": 5}}, SERVICE)
    connection = BrokerConnection(broker_url, heartbeat_s=0)
    try:
        message: Any = None
        wait_until(lambda: depth_of(connection, queue) > 0, f"a message in {queue}")
        message = connection.channel.basic_get(queue)
        before = depth_of(connection, names.dead_queue(SERVICE))
        dead.take(connection, message, MalformedMessage("an event is a JSON object"),
                  queue=queue if queue.startswith("events.") else "")
        wait_until(lambda: depth_of(connection, names.dead_queue(SERVICE)) == before + 1, "a dead letter")
    finally:
        dead.close()
        connection.close()
        connection.dispose()


def depth_of(connection: BrokerConnection, queue: str) -> int:
    return int(connection.channel.queue_declare(queue, passive=True).message_count)


def test_a_malformed_event_goes_back_to_its_handler_alone_and_letters_do_not_multiply(
    zhongtai: Zhongtai, broker: RawBroker, broker_url: str,
) -> None:
    broker.publish(MALFORMED, key="order-paid", exchange=EXCHANGE, message_id="evt_1", delivery_mode=2)
    refuse_next(broker_url, MINE)
    assert (depth(broker, MINE), depth(broker, OTHER)) == (0, 1)
    for _ in range(3):
        assert zhongtai("dlq", "list", SERVICE, "--json").data[0]["queue"] == MINE
        ran = zhongtai("dlq", "redrive", SERVICE, "--all", "--json")
        assert (ran.code, ran.data) == (0, [{"id": "evt_1", "queue": MINE, "outcome": "sent"}])
        refuse_next(broker_url, MINE)
        assert depth(broker, OTHER) == 1, "the other handler has had it"
        wait_until(lambda: depth(broker, names.dead_queue(SERVICE)) == 1, "one letter, as before")


def test_a_call_is_never_run_again_as_the_operators(zhongtai: Zhongtai, broker: RawBroker, broker_url: str) -> None:
    broker.publish(MALFORMED, key=RPC, exchange="", message_id="call_1")
    refuse_next(broker_url, RPC)
    ran = zhongtai("dlq", "redrive", SERVICE, "--all", "--json")
    assert (ran.code, ran.data[0]["outcome"]) == (1, "stays: it is a call: nobody waits for the reply any more")
    assert depth(broker, RPC) == 0


def bury(broker: RawBroker, message_id: str, reason: str, **headers: str) -> None:
    broker.publish(b"{}", key=SERVICE, exchange=names.DEAD_EXCHANGE, message_id=message_id, delivery_mode=2,
                   application_headers={"x-reason": reason, **headers})


def settled(broker: RawBroker, count: int) -> None:
    wait_until(lambda: depth(broker, names.dead_queue(SERVICE)) == count, f"{count} dead letters")


def test_a_letter_from_before_that_tells_no_queue_needs_one_of_its_own_service(
    zhongtai: Zhongtai, broker: RawBroker,
) -> None:
    bury(broker, "evt_1", "internal", **{"x-exchange": EXCHANGE, "x-routing-key": "order-paid"})
    settled(broker, 1)
    assert "its handler's queue is not known; --queue names it" in zhongtai("dlq", "redrive", SERVICE, "--all").out
    for queue in (OTHER, RPC, names.dead_queue(SERVICE), "amq.rabbitmq.reply-to.x"):
        assert zhongtai("dlq", "redrive", SERVICE, "--all", "--queue", queue).code == 1
    assert zhongtai("dlq", "redrive", SERVICE, "--all", "--queue", MINE).code == 0
    assert (depth(broker, MINE), depth(broker, OTHER)) == (1, 0)


def test_letters_are_discarded_by_id_reason_or_queue_only_when_that_was_agreed_to(
    zhongtai: Zhongtai, broker: RawBroker,
) -> None:
    for number, reason in enumerate(("internal", "bus.malformed-message", "bus.malformed-message", "other")):
        bury(broker, f"evt_{number}", reason, **{names.QUEUE_HEADER: MINE})
    settled(broker, 4)
    asked = zhongtai("dlq", "discard", SERVICE, "--all")
    assert (asked.code, "4 dead letters of 'matter'; --yes says that it may" in asked.err) == (2, True)
    settled(broker, 4)
    gone = zhongtai("dlq", "discard", SERVICE, "--reason", "bus.malformed-message", "--yes", "--json")
    assert (gone.code, [row["id"] for row in gone.data]) == (0, ["evt_1", "evt_2"])
    settled(broker, 2)
    assert zhongtai("dlq", "discard", SERVICE, "evt_3", "--yes").code == 0
    assert zhongtai("dlq", "discard", SERVICE, "evt_9", "--yes").code == 1
    assert zhongtai("dlq", "discard", SERVICE, "evt_0", "--all", "--yes").code == 2
    assert zhongtai("dlq", "discard", SERVICE, "--yes").code == 2
    settled(broker, 1)
    assert zhongtai("dlq", "discard", SERVICE, "--queue", MINE, "--yes").code == 0
    settled(broker, 0)
    assert zhongtai("dlq", "discard", SERVICE, "--all", "--yes").code == 0, "nothing is nothing to ask for"


def test_the_letters_in_hand_are_bounded_by_their_size(
    broker: RawBroker, broker_url: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(5):
        bury(broker, f"evt_{number}", "x" * 10)
    settled(broker, 5)
    monkeypatch.setattr("shared_components.bus.deployment.inspection.MOST_BYTES", 4)
    with BrokerView(broker_url) as view:
        assert len(view.dead_letters(SERVICE, 1000)) == 2
    settled(broker, 5)
