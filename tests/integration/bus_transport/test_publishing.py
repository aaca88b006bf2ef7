"""Confirms, direct reply-to, and who a message says it is from."""
from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from amqp.exceptions import ChannelError, MessageNacked, NotFound, PreconditionFailed

from shared_components.devstack.external_servers import unique_name
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from tests.integration.bus_transport.wire import Wire, depth, drain, has_length, send, wait_for_depth

REPLY_TO = "amq.rabbitmq.reply-to"


def confirms(channel: Any) -> list[tuple[str, int]]:
    """Give the broker's confirm of each publish. RabbitMQ may confirm several at once; here they are told apart."""
    told: list[tuple[str, int]] = []

    def listener(word: str) -> Any:
        def listen(tag: int, multiple: bool) -> None:
            open_ones = set(range(1, tag + 1)) - {number for _, number in told}
            told.extend((word, number) for number in sorted(open_ones if multiple else {tag}))

        return listen

    channel.confirm_select()
    channel.events["basic_ack"].add(listener("ack"))
    channel.events["basic_nack"].add(listener("nack"))
    return told


def test_every_publish_is_confirmed_by_its_number(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    told = confirms(channel)
    for number in range(3):
        send(channel, str(number), key=queue)
    send(channel, "unroutable", key=wire.name("missing"))
    drain(channel, lambda: len(told) == 4)
    assert sorted(told) == [("ack", 1), ("ack", 2), ("ack", 3), ("ack", 4)]


def test_a_full_queue_refuses_what_is_published_with_confirms(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel, arguments={"x-max-length": 2, "x-overflow": "reject-publish"})
    told = confirms(channel)
    for number in range(3):
        send(channel, str(number), key=queue)
        drain(channel, partial(has_length, told, number + 1))
    assert told == [("ack", 1), ("ack", 2), ("nack", 3)]
    assert depth(channel, queue) == 2


def test_a_returned_message_comes_before_its_confirm(wire: Wire) -> None:
    channel = wire.channel()
    told = confirms(channel)
    seen: list[int] = []
    channel.events["basic_return"].add(lambda *arguments: seen.append(len(told)))
    send(channel, "1", key=wire.name("missing"), mandatory=True)
    drain(channel, lambda: told)
    assert seen == [0]


def test_a_publisher_that_waits_gets_the_brokers_word_as_an_exception(wire: Wire) -> None:
    channel = wire.channel(confirm_publish=True)
    queue = wire.queue(channel, arguments={"x-max-length": 1, "x-overflow": "reject-publish"})
    send(channel, "1", key=queue)
    with pytest.raises(MessageNacked):
        send(channel, "2", key=queue)
    with pytest.raises(ChannelError, match="NO_ROUTE"):
        send(wire.channel(confirm_publish=True), "3", key=wire.name("missing"), mandatory=True)
    with pytest.raises(NotFound):
        send(wire.channel(confirm_publish=True), "4", wire.name("missing"), "k")


def test_a_reply_finds_the_channel_that_asked(wire: Wire) -> None:
    asker, answerer = wire.channel(), wire.channel()
    queue = wire.queue(asker)
    replies = wire.listen(asker, REPLY_TO, no_ack=True, consumer_tag="replies")
    requests = wire.listen(answerer, queue, no_ack=True)
    send(asker, "ask", key=queue, reply_to=REPLY_TO, correlation_id="1")
    drain(answerer, lambda: requests)
    address = requests[0].properties["reply_to"]
    assert address.startswith(REPLY_TO + ".")
    send(answerer, "answer", key=address, correlation_id="1", mandatory=True)
    drain(asker, lambda: replies)
    info = replies[0].delivery_info
    assert (info["consumer_tag"], info["exchange"], info["routing_key"]) == ("replies", "", address)
    assert replies[0].properties["correlation_id"] == "1"


def test_a_reply_to_a_channel_that_is_gone_comes_back(wire: Wire) -> None:
    asker, answerer = wire.channel(), wire.channel()
    queue = wire.queue(answerer)
    wire.listen(asker, REPLY_TO, no_ack=True)
    requests = wire.listen(answerer, queue, no_ack=True)
    send(asker, "ask", key=queue, reply_to=REPLY_TO)
    drain(answerer, lambda: requests)
    address = requests[0].properties["reply_to"]
    answerer.queue_declare(address, passive=True)
    asker.connection.close()
    returned: list[Any] = []
    answerer.events["basic_return"].add(lambda *arguments: returned.append(arguments))
    send(answerer, "answer", key=address, mandatory=True)
    drain(answerer, lambda: returned)


def test_each_channel_has_a_reply_address_of_its_own(wire: Wire) -> None:
    channels = [wire.channel(), wire.channel()]
    queue = wire.queue(channels[0])
    for channel in channels:
        wire.listen(channel, REPLY_TO, no_ack=True)
        send(channel, "ask", key=queue, reply_to=REPLY_TO)
    wait_for_depth(channels[0], queue, 2)
    addresses = {channels[0].basic_get(queue, no_ack=True).properties["reply_to"] for _ in range(2)}
    assert len(addresses) == 2


def test_replies_cannot_be_acknowledged(wire: Wire) -> None:
    with pytest.raises(PreconditionFailed):
        wire.channel().basic_consume(REPLY_TO, callback=lambda message: None, no_ack=False)


def test_asking_for_a_reply_without_listening_is_refused(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    send(channel, "ask", key=queue, reply_to=REPLY_TO)
    with pytest.raises(PreconditionFailed):
        drain(channel, lambda: False)


@pytest.fixture
def user_wire(request: pytest.FixtureRequest, wire: Wire) -> Wire:
    """The same world, logged in as user `caller`."""
    if wire.is_inproc:
        return Wire(wire.url.replace("inproc://", "inproc://caller@"))
    server = request.getfixturevalue("rabbitmq")
    if not isinstance(server, PrivateRabbitMQ):
        pytest.skip("a server named by the environment cannot be given users")
    vhost = wire.url.rpartition("/")[2]
    return Wire(server.add_user("caller", unique_name(), vhost=vhost))


def test_a_message_says_truly_who_sent_it(wire: Wire, user_wire: Wire) -> None:
    with user_wire:
        channel = user_wire.channel()
        queue = user_wire.queue(channel)
        send(channel, "true", key=queue, user_id="caller")
        wait_for_depth(channel, queue, 1)
        assert channel.basic_get(queue, no_ack=True).properties["user_id"] == "caller"
        send(channel, "false", key=queue, user_id="somebody")
        with pytest.raises(PreconditionFailed, match="user_id property set to 'somebody'"):
            drain(channel, lambda: False)
        assert depth(channel, queue) == 0


def test_an_expiration_that_is_no_number_is_refused(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    send(channel, "1", key=queue, expiration="soon")
    with pytest.raises(PreconditionFailed, match="invalid expiration"):
        drain(channel, lambda: False)
