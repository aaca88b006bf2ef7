"""How messages reach consumers: in turn, within their prefetch, and again when nobody acknowledged."""
from __future__ import annotations

from functools import partial

import pytest
from amqp.exceptions import AccessRefused, ConsumerCancelled, NotFound, PreconditionFailed, ResourceLocked

from tests.integration.bus_transport.wire import Wire, bodies, depth, drain, has_length, send, wait_for_depth


def test_messages_arrive_in_order_with_where_they_came_from(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    got = wire.listen(channel, queue, consumer_tag="tag")
    for number in range(5):
        send(channel, str(number), key=queue)
    drain(channel, lambda: len(got) == 5)
    assert [bytes(str(body), "ascii") for body in bodies(got)] == [b"0", b"1", b"2", b"3", b"4"]
    assert got[1].delivery_info == {
        "consumer_tag": "tag", "delivery_tag": 2, "redelivered": False, "exchange": "", "routing_key": queue,
    }  # fmt: skip


def test_consumers_take_turns(wire: Wire) -> None:
    publisher = wire.channel()
    queue = wire.queue(publisher)
    channels = [wire.channel() for _ in range(3)]
    got = [wire.listen(channel, queue, no_ack=True) for channel in channels]
    for number in range(9):
        send(publisher, str(number), key=queue)
    for channel, messages in zip(channels, got, strict=True):
        drain(channel, partial(has_length, messages, 3))
        drain(channel)
    assert [len(messages) for messages in got] == [3, 3, 3]


def test_prefetch_bounds_each_consumer(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    channel.basic_qos(0, 2, False)
    first, second = wire.listen(channel, queue), wire.listen(channel, queue)
    for number in range(7):
        send(channel, str(number), key=queue)
    drain(channel, lambda: len(first) == len(second) == 2)
    drain(channel)
    assert (len(first), len(second), depth(channel, queue)) == (2, 2, 3)
    channel.basic_ack(first[0].delivery_tag)
    drain(channel, lambda: len(first) == 3)
    drain(channel)
    assert (len(first), len(second)) == (3, 2)


def test_without_acknowledgement_prefetch_does_not_count(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    channel.basic_qos(0, 1, False)
    got = wire.listen(channel, queue, no_ack=True)
    for number in range(5):
        send(channel, str(number), key=queue)
    drain(channel, lambda: len(got) == 5)


def test_a_rejected_message_goes_back_to_its_place(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    for body in (b"1", b"2", b"3"):
        send(channel, body, key=queue)
    wait_for_depth(channel, queue, 3)
    first, second = channel.basic_get(queue), channel.basic_get(queue)
    channel.basic_reject(second.delivery_tag, requeue=True)
    channel.basic_reject(first.delivery_tag, requeue=True)
    wait_for_depth(channel, queue, 3)
    again = [channel.basic_get(queue, no_ack=True) for _ in range(3)]
    assert bodies(again) == [b"1", b"2", b"3"]
    assert [message.delivery_info["redelivered"] for message in again] == [True, True, False]


def test_a_message_rejected_without_requeue_is_gone(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    got = wire.listen(channel, queue)
    send(channel, "1", key=queue)
    drain(channel, lambda: got)
    channel.basic_reject(got[0].delivery_tag, requeue=False)
    assert depth(channel, queue) == 0
    channel.close()
    assert depth(wire.channel(), queue) == 0


@pytest.mark.parametrize("what", ["channel", "connection"])
def test_what_was_not_acknowledged_is_delivered_again_when_its_holder_ends(wire: Wire, what: str) -> None:
    holder, other = wire.channel(), wire.channel()
    queue = wire.queue(holder)
    held = wire.listen(holder, queue)
    for body in (b"1", b"2", b"3"):
        send(holder, body, key=queue)
    drain(holder, lambda: len(held) == 3)
    holder.basic_ack(held[1].delivery_tag)
    holder.close() if what == "channel" else holder.connection.close()
    got = wire.listen(other, queue)
    drain(other, lambda: len(got) == 2)
    assert bodies(got) == [b"1", b"3"]
    assert all(message.delivery_info["redelivered"] for message in got)


def test_a_cancelled_consumer_keeps_what_it_holds_and_gets_no_more(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    got = wire.listen(channel, queue, consumer_tag="tag")
    send(channel, "1", key=queue)
    drain(channel, lambda: got)
    channel.basic_cancel("tag")
    send(channel, "2", key=queue)
    wait_for_depth(channel, queue, 1)
    channel.basic_ack(got[0].delivery_tag)
    drain(channel)
    assert (len(got), depth(channel, queue)) == (1, 1)


def test_multiple_acknowledges_all_up_to_a_tag(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    got = wire.listen(channel, queue)
    for number in range(4):
        send(channel, str(number), key=queue)
    drain(channel, lambda: len(got) == 4)
    channel.basic_ack(got[2].delivery_tag, multiple=True)
    channel.close()
    wait_for_depth(wire.channel(), queue, 1)


def test_acknowledging_twice_closes_the_channel(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    got = wire.listen(channel, queue)
    send(channel, "1", key=queue)
    send(channel, "2", key=queue)
    drain(channel, lambda: len(got) == 2)
    channel.basic_ack(got[0].delivery_tag)
    channel.basic_ack(got[0].delivery_tag)
    with pytest.raises(PreconditionFailed, match="unknown delivery tag"):
        drain(channel, lambda: False)
    wait_for_depth(wire.channel(), queue, 1)


def test_a_deleted_queue_tells_its_consumers(wire: Wire) -> None:
    channel, other = wire.channel(), wire.channel()
    told, untold = wire.queue(channel, "told"), wire.queue(channel, "untold")
    cancelled: list[str] = []
    channel.basic_consume(told, callback=lambda message: None, consumer_tag="tag", on_cancel=cancelled.append)
    channel.basic_consume(untold, callback=lambda message: None)
    other.queue_delete(told)
    drain(channel, lambda: cancelled)
    assert cancelled == ["tag"]
    other.queue_delete(untold)
    with pytest.raises(ConsumerCancelled):
        drain(channel, lambda: False)


def test_an_auto_delete_queue_ends_with_its_last_consumer(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel, auto_delete=True)
    assert depth(channel, queue) == 0
    channel.basic_consume(queue, callback=lambda message: None, consumer_tag="one")
    channel.basic_consume(queue, callback=lambda message: None, consumer_tag="two")
    channel.basic_cancel("one")
    assert depth(channel, queue) == 0
    channel.basic_cancel("two")
    with pytest.raises(NotFound):
        depth(channel, queue)


def test_an_exclusive_queue_is_its_connections_own(wire: Wire) -> None:
    owner, other = wire.channel(), wire.channel()
    queue = wire.queue(owner, exclusive=True)
    with pytest.raises(ResourceLocked):
        depth(other, queue)
    owner.connection.close()
    with pytest.raises(NotFound):
        depth(other, queue)


def test_an_exclusive_consumer_lets_nobody_else_in(wire: Wire) -> None:
    channel, other = wire.channel(), wire.channel()
    queue = wire.queue(channel)
    channel.basic_consume(queue, callback=lambda message: None, exclusive=True)
    with pytest.raises(AccessRefused):
        other.basic_consume(queue, callback=lambda message: None)


def test_a_single_active_consumer_is_relieved_by_the_next(wire: Wire) -> None:
    first, second = wire.channel(), wire.channel()
    queue = wire.queue(first, arguments={"x-single-active-consumer": True})
    got = [wire.listen(first, queue, no_ack=True), wire.listen(second, queue, no_ack=True)]
    for number in range(4):
        send(first, str(number), key=queue)
    drain(first, lambda: len(got[0]) == 4)
    first.close()
    send(second, "5", key=queue)
    drain(second, lambda: len(got[1]) == 1)


def test_one_message_can_be_fetched(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    assert channel.basic_get(queue) is None
    for number in range(2):
        send(channel, str(number), key=queue)
    wait_for_depth(channel, queue, 2)
    message = channel.basic_get(queue)
    assert message.delivery_info["message_count"] == 1
    channel.basic_ack(message.delivery_tag)
    channel.close()
    assert depth(wire.channel(), queue) == 1


def test_consuming_from_a_missing_queue_is_not_found(wire: Wire) -> None:
    with pytest.raises(NotFound):
        wire.channel().basic_consume(wire.name("missing"), callback=lambda message: None)


def test_waiting_for_an_event_ends_in_time(wire: Wire) -> None:
    channel = wire.channel()
    with pytest.raises(TimeoutError):
        channel.connection.drain_events(timeout=0.05)
