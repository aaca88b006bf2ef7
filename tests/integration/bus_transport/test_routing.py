"""Which queues a message goes to, and what becomes of one that goes nowhere."""
from __future__ import annotations

from typing import Any

import amqp
import pytest
from amqp.exceptions import AccessRefused, ChannelError, NotFound, PreconditionFailed

from tests.integration.bus_transport.wire import Wire, bodies, depth, drain, send, wait_for_depth

TOPICS = [
    ("a.b", "a.b", True),
    ("a.*", "a.b", True),
    ("a.*", "a", False),
    ("a.*", "a.b.c", False),
    ("a.#", "a", True),
    ("a.#", "a.b.c", True),
    ("#", "", True),
    ("#", "a.b", True),
    ("*", "", False),
    ("*.b", "a.b", True),
    ("#.b", "b", True),
    ("a.#.c", "a.c", True),
    ("a.#.c", "a.b.b.c", True),
    ("a.b", "axb", False),
]


def test_the_default_exchange_takes_a_message_to_the_queue_of_that_name(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    send(channel, "1", key=queue)
    wait_for_depth(channel, queue, 1)


def test_topic_patterns_match_by_word(wire: Wire) -> None:
    channel = wire.channel(confirm_publish=True)
    got = {}
    for number, (pattern, key, _) in enumerate(TOPICS):
        exchange = wire.exchange(channel, "topic", f"x{number}")
        queue = wire.queue(channel, f"q{number}")
        channel.queue_bind(queue, exchange, pattern)
        send(channel, "1", exchange, key)
        got[pattern, key] = queue
    matched = {case: channel.queue_declare(queue, passive=True).message_count == 1 for case, queue in got.items()}
    assert matched == {(pattern, key): matches for pattern, key, matches in TOPICS}


def test_a_queue_bound_twice_gets_a_message_once(wire: Wire) -> None:
    channel = wire.channel(confirm_publish=True)
    exchange, queue = wire.exchange(channel, "topic"), wire.queue(channel)
    channel.queue_bind(queue, exchange, "a.*")
    channel.queue_bind(queue, exchange, "#")
    send(channel, "1", exchange, "a.b")
    assert depth(channel, queue) == 1


def test_an_unbound_queue_gets_nothing_more(wire: Wire) -> None:
    channel = wire.channel(confirm_publish=True)
    exchange, queue = wire.exchange(channel, "direct"), wire.queue(channel)
    channel.queue_bind(queue, exchange, "k")
    send(channel, "1", exchange, "k")
    channel.queue_unbind(queue, exchange, "k")
    send(channel, "2", exchange, "k")
    assert depth(channel, queue) == 1


def test_fanout_copies_to_every_queue_and_copies_are_independent(wire: Wire) -> None:
    channel = wire.channel(confirm_publish=True)
    exchange = wire.exchange(channel, "fanout")
    queues = [wire.queue(channel, what) for what in ("one", "two")]
    for queue in queues:
        channel.queue_bind(queue, exchange)
    send(channel, "1", exchange, "any", application_headers={"stack": ["a"]})
    first = channel.basic_get(queues[0], no_ack=True)
    first.headers["stack"].append("b")
    second = channel.basic_get(queues[1], no_ack=True)
    assert second.headers == {"stack": ["a"]}


def test_an_unroutable_message_is_dropped(wire: Wire) -> None:
    channel = wire.channel()
    exchange = wire.exchange(channel, "topic")
    send(channel, "1", exchange, "nobody")
    drain(channel)


def test_an_unroutable_mandatory_message_comes_back(wire: Wire) -> None:
    channel = wire.channel()
    exchange = wire.exchange(channel, "topic")
    returned: list[tuple[Any, ...]] = []
    channel.events["basic_return"].add(lambda *arguments: returned.append(arguments))
    send(channel, "1", exchange, "nobody", mandatory=True, correlation_id="c")
    drain(channel, lambda: returned)
    error, name, key, message = returned[0]
    assert (error.reply_code, error.reply_text, name, key) == (312, "NO_ROUTE", exchange, "nobody")
    assert (bytes(message.body, "ascii") if isinstance(message.body, str) else message.body) == b"1"
    assert message.properties["correlation_id"] == "c"


def test_a_returned_message_without_a_listener_is_an_error_when_read(wire: Wire) -> None:
    channel = wire.channel()
    send(channel, "1", "", wire.name("missing"), mandatory=True)
    with pytest.raises(ChannelError, match="NO_ROUTE"):
        drain(channel, lambda: False)


def test_publishing_to_a_missing_exchange_closes_the_channel(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    channel.basic_consume(queue, callback=lambda message: None)
    send(channel, "1", wire.name("missing"), "k")
    with pytest.raises(NotFound):
        drain(channel, lambda: False)
    assert channel.queue_declare(queue, passive=True).consumer_count == 0


def test_a_passive_declare_tells_what_is_there(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    send(channel, "1", key=queue)
    wait_for_depth(channel, queue, 1)
    channel.basic_qos(0, 1, False)
    channel.basic_consume(queue, callback=lambda message: None)
    assert channel.queue_declare(queue, passive=True) == (queue, 0, 1)


def test_a_passive_declare_of_what_is_missing_is_not_found(wire: Wire) -> None:
    channel = wire.channel()
    with pytest.raises(NotFound):
        channel.queue_declare(wire.name("missing"), passive=True)
    with pytest.raises(NotFound):
        channel.exchange_declare(wire.name("missing"), "topic", passive=True)
    wire.queue(channel)  # the channel is usable again


def test_declaring_a_queue_anew_with_other_arguments_is_refused(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel, arguments={"x-message-ttl": 1000})
    with pytest.raises(PreconditionFailed):
        channel.queue_declare(queue, auto_delete=False, arguments={"x-message-ttl": 2000})
    channel.queue_declare(queue, auto_delete=False, arguments={"x-message-ttl": 1000})


def test_declaring_an_exchange_anew_with_another_type_is_refused(wire: Wire) -> None:
    channel = wire.channel()
    exchange = wire.exchange(channel, "topic")
    with pytest.raises(PreconditionFailed):
        channel.exchange_declare(exchange, "direct", auto_delete=False)


def test_names_of_the_broker_are_reserved(wire: Wire) -> None:
    channel = wire.channel()
    with pytest.raises(AccessRefused):
        channel.queue_declare("amq.mine")
    with pytest.raises(AccessRefused):
        channel.exchange_declare("amq.mine", "topic")


def test_a_queue_without_a_name_gets_one(wire: Wire) -> None:
    channel = wire.channel()
    name = channel.queue_declare("", exclusive=True).queue
    assert name.startswith("amq.gen-")
    send(channel, "1", key=name)
    assert channel.basic_get(name, no_ack=True) is not None


def test_purging_and_deleting_say_how_many_messages_went(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    for number in range(3):
        send(channel, str(number), key=queue)
    wait_for_depth(channel, queue, 3)
    assert channel.queue_purge(queue) == 3
    send(channel, "4", key=queue)
    wait_for_depth(channel, queue, 1)
    with pytest.raises(PreconditionFailed):
        channel.queue_delete(queue, if_empty=True)
    assert channel.queue_delete(queue) == 1
    assert channel.queue_delete(queue) == 0


def test_properties_and_headers_arrive_as_sent(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    headers = {"text": "字", "number": 5, "list": ("a", {"b": True}), "none": None}
    properties: dict[str, Any] = {
        "content_type": "application/json", "content_encoding": "utf-8", "correlation_id": "c", "reply_to": "r",
        "message_id": "m", "type": "t", "app_id": "a", "priority": 0, "delivery_mode": 2,
    }  # fmt: skip
    send(channel, "{}", key=queue, application_headers=headers, **properties)
    wait_for_depth(channel, queue, 1)
    message = channel.basic_get(queue, no_ack=True)
    assert message.properties == {**properties, "application_headers": {**headers, "list": ["a", {"b": True}]}}
    assert message.body == "{}"


@pytest.mark.parametrize(("encoding", "body"), [(None, b"\xff1"), ("binary", b"\xff1"), ("utf-8", "字")])
def test_a_body_is_text_when_its_encoding_says_so(wire: Wire, encoding: str | None, body: bytes | str) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    raw = body.encode() if isinstance(body, str) else body
    send(channel, raw, key=queue, content_encoding=encoding)
    wait_for_depth(channel, queue, 1)
    assert bodies([channel.basic_get(queue, no_ack=True)]) == [body]


def test_a_header_that_amqp_has_no_type_for_is_refused_at_the_sender(wire: Wire) -> None:
    channel = wire.channel()
    with pytest.raises(amqp.exceptions.FrameSyntaxError):
        send(channel, "1", key="any", application_headers={"set": {1}})
