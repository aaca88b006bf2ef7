"""Stock nameko, given messages that it does not expect."""
from __future__ import annotations

import json
from typing import Any

import amqp.exceptions
import pytest
from nameko.exceptions import MethodNotFound
from nameko.standalone.rpc import ServiceRpcProxy

from tests.integration.bus_harness import Effects, RawBroker, ReplyQueue, plain_properties, wait_until
from tests.integration.bus_stock.conftest import Start

pytestmark = [pytest.mark.stock, pytest.mark.integration]

QUEUE = "rpc-worker"
REQUEST = json.dumps({"args": [1], "kwargs": {}})
POISON: dict[str, dict[str, Any]] = {
    "no reply_to": plain_properties(reply_to=None),
    "no content_type": plain_properties(content_type=None),
    "call stack is no list": plain_properties(application_headers={"nameko.call_id_stack": 5}),
    "reply_to is a service's own key": plain_properties(reply_to="worker.echo"),
}


@pytest.mark.parametrize("poison", POISON)
def test_one_message_ends_the_process_and_then_the_next(start: Start, broker: RawBroker, poison: str) -> None:
    service = start("worker").wait_until_consuming(broker, QUEUE)
    broker.publish(REQUEST, key="worker.echo", **POISON[poison])
    assert service.wait_exit() not in (None, 0)
    wait_until(lambda: broker.depth(QUEUE) >= 1, "the message is back in the queue")
    if poison == "no reply_to":  # once is enough: it is the same message
        assert start("worker").wait_exit() not in (None, 0)
        broker.wait_for_depth(QUEUE, 1)


@pytest.mark.parametrize("content_type", ["application/json", "application/x-python-serialize"])
def test_an_undecodable_body_is_dropped_and_logged_raw(start: Start, broker: RawBroker, content_type: str) -> None:
    service = start("worker").wait_until_consuming(broker, QUEUE)
    replies = ReplyQueue(broker)
    broker.publish("{secret-of-a-citizen", key="worker.echo",
                   **plain_properties(content_type=content_type, reply_to=replies.key))  # fmt: skip
    wait_until(lambda: "secret-of-a-citizen" in service.log(), "the raw body in the log")
    assert service.running
    assert broker.depth(replies.name) == 0
    service.kill()
    assert broker.depth(QUEUE) == 0


def test_headers_are_believed_whoever_sends_them(start: Start, broker: RawBroker) -> None:
    start("worker").wait_until_consuming(broker, QUEUE)
    replies = ReplyQueue(broker)
    headers = {"nameko.user_id": "the-minister"}
    broker.publish(json.dumps({"args": [], "kwargs": {}}), key="worker.who",
                   **plain_properties(reply_to=replies.key, application_headers=headers))  # fmt: skip
    assert replies.result()["result"]["user_id"] == "the-minister"


def test_an_unknown_service_goes_unnoticed_without_confirms(
    start: Start, broker: RawBroker, effects: Effects
) -> None:
    start("caller").wait_until_consuming(broker, "rpc-caller")
    replies = ReplyQueue(broker)
    broker.call("caller", "call_nobody", replies=replies)
    effects.wait_for("calling nobody")
    with pytest.raises(AssertionError, match="a reply"):
        replies.wait(seconds=1.5)


def test_an_unknown_methods_error_names_nothing_that_exists(
    start: Start, broker: RawBroker, broker_url: str
) -> None:
    start("worker").wait_until_consuming(broker, QUEUE)
    config = {"AMQP_URI": broker_url}
    with ServiceRpcProxy("worker", config, timeout=5) as worker, pytest.raises(MethodNotFound) as error:
        worker.ecko(1)
    assert "echo" not in str(error.value)


def test_an_event_that_nobody_is_bound_to_is_gone(start: Start, broker: RawBroker) -> None:
    start("dispatching").wait_until_consuming(broker, "rpc-dispatching")
    replies = ReplyQueue(broker)
    broker.call("dispatching", "emit", replies=replies)
    assert replies.result()["error"] is None
    late = broker.queue("late", exchange="dispatching.events", key="#")
    assert broker.depth(late) == 0


def test_a_reply_is_persistent(start: Start, broker: RawBroker) -> None:
    start("worker").wait_until_consuming(broker, QUEUE)
    replies = ReplyQueue(broker)
    broker.call("worker", "echo", 1, replies=replies)
    assert replies.wait().properties["delivery_mode"] == 2


def test_a_reply_waits_for_a_confirm_and_ends_the_process_without_one(start: Start, broker: RawBroker) -> None:
    service = start("worker").wait_until_consuming(broker, QUEUE)
    replies = ReplyQueue(broker, arguments={"x-max-length": 0, "x-overflow": "reject-publish"})
    broker.call("worker", "echo", 1, replies=replies)
    assert service.wait_exit() not in (None, 0)


def test_queues_have_no_bound(start: Start, broker: RawBroker) -> None:
    start("worker").wait_until_consuming(broker, QUEUE).kill()
    broker.channel.confirm_select()
    for number in range(2000):
        broker.call("worker", "echo", number)
    broker.wait_for_depth(QUEUE, 2000)
    broker.queue(QUEUE)  # declared without arguments, as this one is
    with pytest.raises(amqp.exceptions.PreconditionFailed):
        broker.queue(QUEUE, arguments={"x-max-length": 1000})


@pytest.mark.parametrize(("event", "effect"), [("happened", "handled"), ("repeated", "repeated")])
def test_a_failing_event_handler_loses_the_event_or_loops_hot(
    start: Start, broker: RawBroker, effects: Effects, event: str, effect: str
) -> None:
    queue = f"evt-source-{event}--listener.{'lose' if event == 'happened' else 'repeat'}"
    service = start("listener").wait_until_consuming(broker, queue)
    broker.publish("{}", exchange="source.events", key=event, **plain_properties())
    if event == "repeated":
        effects.wait_for(effect, 50, seconds=3)
        return
    effects.wait_for(effect)
    service.terminate()
    assert service.wait_exit() == 0
    assert (broker.depth(queue), effects.count(effect)) == (0, 1)
