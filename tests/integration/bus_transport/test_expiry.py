"""Time to live, length limits and dead letters."""
from __future__ import annotations

import time
from functools import partial
from typing import Any

from tests.integration.bus_transport.wire import Wire, bodies, depth, drain, has_length, send, wait_for_depth


def with_dead_letters(wire: Wire, channel: Any, **arguments: Any) -> tuple[str, str]:
    """A queue with these arguments, and the queue where its dead letters land."""
    dead = wire.queue(channel, "dead")
    return wire.queue(channel, arguments={
        "x-dead-letter-exchange": "", "x-dead-letter-routing-key": dead, **arguments,
    }), dead  # fmt: skip


def test_a_message_expires_where_it_waits(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    send(channel, "1", key=queue, expiration="60")
    send(channel, "2", key=queue)
    wait_for_depth(channel, queue, 2)
    wait_for_depth(channel, queue, 1)
    assert channel.basic_get(queue, no_ack=True).body in ("2", b"2")


def test_a_message_behind_one_that_lives_waits_its_turn(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    send(channel, b"1", key=queue)
    send(channel, b"2", key=queue, expiration="30")
    wait_for_depth(channel, queue, 2)
    time.sleep(0.1)
    assert depth(channel, queue) == 2
    assert channel.basic_get(queue, no_ack=True).body == b"1"
    wait_for_depth(channel, queue, 0)


def test_a_held_message_does_not_expire(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    got = wire.listen(channel, queue)
    send(channel, "1", key=queue, expiration="30")
    drain(channel, lambda: got)
    time.sleep(0.1)
    channel.basic_reject(got[0].delivery_tag, requeue=False)
    drain(channel)


def test_a_message_with_no_time_at_all_needs_a_consumer_ready(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel)
    send(channel, "1", key=queue, expiration="0")
    wait_for_depth(channel, queue, 0)
    got = wire.listen(channel, queue, no_ack=True)
    send(channel, "2", key=queue, expiration="0")
    drain(channel, lambda: got)


def test_the_shorter_of_the_queues_and_the_messages_time_counts(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel, arguments={"x-message-ttl": 60})
    send(channel, "1", key=queue, expiration="60000")
    wait_for_depth(channel, queue, 1)
    wait_for_depth(channel, queue, 0)


def test_a_waiting_consumer_gets_the_dead_letter_when_it_is_due(wire: Wire) -> None:
    channel = wire.channel()
    queue, dead = with_dead_letters(wire, channel, **{"x-message-ttl": 150})
    got = wire.listen(channel, dead, no_ack=True)
    before = time.monotonic()
    send(channel, "1", key=queue, expiration="5000")
    drain(channel, lambda: got)
    assert 0.14 <= time.monotonic() - before < 1.0
    death = got[0].headers["x-death"][0]
    assert {name: death[name] for name in ("count", "queue", "reason", "exchange", "routing-keys")} == {
        "count": 1, "queue": queue, "reason": "expired", "exchange": "", "routing-keys": [queue],
    }  # fmt: skip
    assert death["original-expiration"] == "5000"
    assert "expiration" not in got[0].properties
    assert got[0].headers["x-first-death-queue"] == queue
    assert got[0].headers["x-first-death-reason"] == "expired"
    assert got[0].delivery_info["routing_key"] == dead


def test_a_rejected_message_becomes_a_dead_letter_with_its_headers(wire: Wire) -> None:
    channel = wire.channel()
    queue, dead = with_dead_letters(wire, channel)
    got, rejected = wire.listen(channel, queue), wire.listen(channel, dead, no_ack=True)
    send(channel, "1", key=queue, application_headers={"mine": "kept"}, correlation_id="c")
    drain(channel, lambda: got)
    channel.basic_reject(got[0].delivery_tag, requeue=False)
    drain(channel, lambda: rejected)
    assert rejected[0].headers["x-death"][0]["reason"] == "rejected"
    assert rejected[0].headers["mine"] == "kept"
    assert rejected[0].properties["correlation_id"] == "c"


def test_a_dead_letter_keeps_its_routing_key_when_the_queue_names_none(wire: Wire) -> None:
    channel = wire.channel()
    exchange = wire.exchange(channel, "topic", "dead-x")
    dead = wire.queue(channel, "dead")
    channel.queue_bind(dead, exchange, "#")
    queue = wire.queue(channel, arguments={"x-dead-letter-exchange": exchange, "x-message-ttl": 0})
    got = wire.listen(channel, dead, no_ack=True)
    send(channel, "1", key=queue)
    drain(channel, lambda: got)
    assert (got[0].delivery_info["exchange"], got[0].delivery_info["routing_key"]) == (exchange, queue)


def test_a_dead_letter_without_an_exchange_to_go_to_is_dropped(wire: Wire) -> None:
    channel = wire.channel()
    queue = wire.queue(channel, arguments={"x-dead-letter-exchange": wire.name("missing"), "x-message-ttl": 0})
    send(channel, "1", key=queue)
    wait_for_depth(channel, queue, 0)
    drain(channel)


def test_deaths_are_counted_on_the_way_round_after_a_rejection(wire: Wire) -> None:
    channel = wire.channel()
    retry, queue = wire.name("retry"), wire.name("q")
    wire.queue(channel, "q", arguments={"x-dead-letter-exchange": "", "x-dead-letter-routing-key": retry})
    wire.queue(channel, "retry", arguments={
        "x-dead-letter-exchange": "", "x-dead-letter-routing-key": queue, "x-message-ttl": 20})  # fmt: skip
    got = wire.listen(channel, queue)
    send(channel, "1", key=queue)
    for round_number in range(1, 4):
        drain(channel, partial(has_length, got, round_number))
        channel.basic_reject(got[-1].delivery_tag, requeue=False)
    drain(channel, lambda: len(got) == 4)
    assert {(death["reason"], death["count"]) for death in got[-1].headers["x-death"]} == {
        ("rejected", 3), ("expired", 3)}  # fmt: skip


def test_a_message_that_only_expires_goes_round_once(wire: Wire) -> None:
    channel = wire.channel()
    one, two = wire.name("one"), wire.name("two")
    for name, other in (("one", two), ("two", one)):
        wire.queue(channel, name, arguments={
            "x-dead-letter-exchange": "", "x-dead-letter-routing-key": other, "x-message-ttl": 20})  # fmt: skip
    send(channel, "1", key=one)
    time.sleep(0.2)
    wait_for_depth(channel, one, 0)
    wait_for_depth(channel, two, 0)


def test_a_full_queue_drops_its_oldest_by_default(wire: Wire) -> None:
    channel = wire.channel(confirm_publish=True)
    queue, dead = with_dead_letters(wire, channel, **{"x-max-length": 2})
    for body in (b"1", b"2", b"3"):
        send(channel, body, key=queue)
    assert bodies([channel.basic_get(queue, no_ack=True) for _ in range(2)]) == [b"2", b"3"]
    wait_for_depth(channel, dead, 1)
    assert channel.basic_get(dead, no_ack=True).headers["x-death"][0]["reason"] == "maxlen"


def test_what_consumers_hold_does_not_count_as_queue_length(wire: Wire) -> None:
    channel = wire.channel(confirm_publish=True)
    queue = wire.queue(channel, arguments={"x-max-length": 1, "x-overflow": "reject-publish"})
    channel.basic_qos(0, 1, False)
    channel.basic_consume(queue, callback=lambda message: None)
    send(channel, "held", key=queue)
    send(channel, "waiting", key=queue)
    assert depth(channel, queue) == 1
