"""`zhongtai dlq` on RabbitMQ: listed without bodies, sent back to where they came from, never lost."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import amqp
import pytest

from shared_components.bus.amqp import names
from shared_components.bus.amqp.topology import declare_dead_letters
from shared_components.bus.deployment.inspection import BrokerView
from tests.integration.bus_harness import RawBroker, wait_until
from tests.unit.cli.conftest import Zhongtai

pytestmark = pytest.mark.integration

SERVICE = "payment"
EVENTS = names.event_queue(SERVICE, "on_test")


@pytest.fixture
def broker(broker_url: str, monkeypatch: pytest.MonkeyPatch, zhongtai: Zhongtai) -> Iterator[RawBroker]:
    monkeypatch.setenv("ZHONGTAI_BROKER_URL", broker_url)
    with RawBroker(broker_url) as broker:
        declare_dead_letters(broker.channel, SERVICE)
        # as the service's policy has it: what is taken too often is moved by the broker itself
        broker.channel.queue_declare(EVENTS, durable=True, auto_delete=False, arguments={
            "x-dead-letter-exchange": names.DEAD_EXCHANGE, "x-dead-letter-routing-key": SERVICE})
        yield broker


def bury(broker: RawBroker, message_id: str, *, exchange: str, routing_key: str) -> None:
    broker.publish(
        b'{"name": "CANARY"}', key=SERVICE, exchange=names.DEAD_EXCHANGE, delivery_mode=2, message_id=message_id,
        content_type=names.EVENT_CONTENT_TYPE, application_headers={
            "x-reason": "internal", "x-text": "handler failed", "x-exchange": exchange, "x-routing-key": routing_key,
            "x-attempt": 6,
        },
    )


def depth(broker: RawBroker, queue: str) -> int:
    return int(broker.channel.queue_declare(queue, passive=True).message_count)


def settled(broker: RawBroker, queue: str, count: int) -> None:
    wait_until(lambda: depth(broker, queue) == count, f"{count} messages in {queue}, not {depth(broker, queue)}")


def test_dead_letters_are_listed_without_their_bodies(zhongtai: Zhongtai, broker: RawBroker) -> None:
    bury(broker, "evt_1", exchange="", routing_key=EVENTS)
    settled(broker, names.dead_queue(SERVICE), 1)
    seen = zhongtai("status", SERVICE, "--json")
    assert (seen.code, seen.data[0]["dead"], "dead letters" in seen.data[0]["state"]) == (1, 1, True)
    listed = zhongtai("dlq", "list", "--json")
    assert [(row["service"], row["id"], row["reason"], row["routing_key"]) for row in listed.data] == [
        (SERVICE, "evt_1", "internal", EVENTS)]
    shown = zhongtai("dlq", "show", SERVICE, "evt_1")
    assert "CANARY" not in listed.out + shown.out
    assert "CANARY" in zhongtai("dlq", "show", SERVICE, "evt_1", "--body").data["body"]
    missing = zhongtai("dlq", "show", SERVICE, "evt_9")
    assert (missing.code, "has no dead letter 'evt_9'" in missing.err) == (1, True)
    settled(broker, names.dead_queue(SERVICE), 1)


def test_a_chosen_dead_letter_goes_back_to_its_queue_with_its_count_begun_anew(
    zhongtai: Zhongtai, broker: RawBroker,
) -> None:
    for message_id in ("evt_1", "evt_2"):
        bury(broker, message_id, exchange="", routing_key=EVENTS)
    settled(broker, names.dead_queue(SERVICE), 2)
    ran = zhongtai("dlq", "redrive", SERVICE, "evt_2", "--json")
    assert (ran.code, ran.data) == (0, [{"id": "evt_2", "queue": EVENTS, "outcome": "sent"}])
    settled(broker, EVENTS, 1)
    settled(broker, names.dead_queue(SERVICE), 1)
    message = broker.channel.basic_get(EVENTS)
    assert (message.body, message.message_id) == ('{"name": "CANARY"}', "evt_2")
    assert "x-attempt" not in message.headers
    assert message.properties["delivery_mode"] == 2


def test_what_cannot_be_sent_back_stays(zhongtai: Zhongtai, broker: RawBroker) -> None:
    bury(broker, "evt_1", exchange="", routing_key="events.payment.gone")
    bury(broker, "call_1", exchange=names.RPC_EXCHANGE, routing_key="payment.get_order")
    bury(broker, "evt_2", exchange="", routing_key=EVENTS)
    settled(broker, names.dead_queue(SERVICE), 3)
    ran = zhongtai("dlq", "redrive", SERVICE, "--all", "--json")
    assert ran.code == 1
    assert {row["id"]: row["outcome"] for row in ran.data} == {
        "evt_1": "stays: no queue 'events.payment.gone' exists now",
        "call_1": "stays: it is a call: nobody waits for the reply any more",
        "evt_2": "sent",
    }
    settled(broker, names.dead_queue(SERVICE), 2)
    settled(broker, EVENTS, 1)


def test_what_the_broker_itself_has_buried_goes_back_too(zhongtai: Zhongtai, broker: RawBroker) -> None:
    broker.publish(b"{}", key=EVENTS, exchange="", message_id="evt_1")
    taken = _taken(broker, EVENTS)
    broker.channel.basic_reject(taken.delivery_tag, requeue=False)
    settled(broker, names.dead_queue(SERVICE), 1)
    assert zhongtai("dlq", "list", SERVICE, "--json").data[0]["reason"] == "broker: rejected"
    assert zhongtai("dlq", "redrive", SERVICE, "--all").code == 0
    settled(broker, EVENTS, 1)


def test_a_service_that_never_ran_has_no_dead_letters(zhongtai: Zhongtai, broker: RawBroker) -> None:
    ran = zhongtai("dlq", "list", "notification")
    assert (ran.code, ran.out) == (0, "no dead letters\n")
    assert zhongtai("dlq", "redrive", "notification", "--all").code == 0


def test_a_broker_that_refuses_the_user_is_a_typed_error(
    zhongtai: Zhongtai, broker_url: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    scheme, _, rest = broker_url.partition("://")
    monkeypatch.setenv("ZHONGTAI_BROKER_URL", f"{scheme}://nobody:CANARY@{rest.partition('@')[2]}")
    ran = zhongtai("dlq", "list")
    assert (ran.code, ran.err.count("\n"), "CANARY" in ran.err) == (1, 1, False)
    assert "[bus.broker-unavailable]" in ran.err


def test_the_view_works_on_inproc_too() -> None:
    with BrokerView("inproc://view-of-dead-letters") as view:
        assert view.queue("nothing") is None
        assert view.dead_letters(SERVICE) == []


def _taken(broker: RawBroker, queue: str) -> amqp.Message:
    return _within(lambda: broker.channel.basic_get(queue))


def _within(ask: Callable[[], Any], seconds: float = 5.0) -> Any:
    end = time.monotonic() + seconds
    while (answer := ask()) is None:
        assert time.monotonic() < end
        time.sleep(0.02)
    return answer
