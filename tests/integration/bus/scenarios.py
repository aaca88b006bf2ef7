"""Scenarios that stock nameko fails. Each runs on RabbitMQ and on `inproc://`."""
from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

from shared_components.bus.amqp import names
from shared_components.bus.errors import (
    CallerNotAllowed,
    InvalidArguments,
    NoReply,
    PayloadTooLarge,
    QueueFull,
    UnknownMethod,
    UnknownService,
)
from shared_components.kernel.errors import AppError, Conflict, OutcomeUnknown, Unavailable
from tests.integration.bus.echo.service import Refused
from tests.integration.bus.world import World
from tests.integration.bus_harness import ReplyQueue, plain_properties, wait_until

Scenario = Callable[[World], None]
SCENARIOS: dict[str, Scenario] = {}
REQUEST = json.dumps({"args": [], "kwargs": {"value": "1"}})
SECRET = "secret-of-a-citizen"
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


def scenario(function: Scenario) -> Scenario:
    SCENARIOS[function.__name__] = function
    return function


def error_of(call: Callable[[], Any]) -> AppError:
    try:
        call()
    except AppError as error:
        return error
    raise AssertionError("the call succeeded")


def taken(world: World, queue: str) -> Any:
    """The next message of a queue."""
    got: list[Any] = []

    def arrived() -> bool:
        message = world.broker.get(queue)
        got.extend([message] if message is not None else [])
        return bool(got)

    wait_until(arrived, f"a message in {queue}")
    return got[0]


def buried(world: World, service: str = "echo") -> Any:
    """The next dead letter, taken out."""
    return taken(world, names.dead_queue(service))


POISON: dict[str, dict[str, Any]] = {
    "no reply_to": plain_properties(reply_to=None),
    "no correlation_id": plain_properties(correlation_id=None),
    "a reply_to that is a service's own key": plain_properties(reply_to="echo.echo"),
}


@scenario
def a_message_that_cannot_be_answered_is_buried_and_the_process_lives(world: World) -> None:
    for properties in POISON.values():
        world.broker.publish(REQUEST, key="echo.echo", **properties)
        letter = buried(world)
        assert letter.headers["x-reason"] == "bus.malformed-message", letter.headers
        assert letter.headers["x-routing-key"] == "echo.echo"
        assert letter.body == REQUEST, "the message itself, and not the answer to it"
    assert world.echoes()
    assert world.broker.depth("rpc-echo") == 0


@scenario
def odd_but_answerable_messages_are_answered(world: World) -> None:
    replies = ReplyQueue(world.broker)
    for odd in ({"application_headers": {"nameko.call_id_stack": 5}}, {"content_type": None},
                {"correlation_id": "a\0b"}, {"application_headers": {"nameko.op_id": "a\0b"}}):  # fmt: skip
        properties = plain_properties(reply_to=replies.key, **odd)
        world.broker.publish(REQUEST, key="echo.echo", **properties)
        reply = replies.wait()
        assert reply.properties["correlation_id"] == properties["correlation_id"]
        error = json.loads(reply.body)["error"]
        assert error is None or error["code"] == "bus.malformed-message"
    assert world.echoes()


@scenario
def an_undecodable_body_is_answered_and_never_logged(world: World) -> None:
    replies = ReplyQueue(world.broker)
    for content_type in ("application/json", "application/x-python-serialize"):
        world.broker.publish("{" + SECRET, key="echo.echo",
                             **plain_properties(content_type=content_type, reply_to=replies.key))  # fmt: skip
        assert replies.result()["error"]["code"] == "bus.malformed-message"
    world.broker.publish("{" + SECRET, key="echo.calls", content_type=names.CALLS_CONTENT_TYPE,
                         reply_to=replies.key)  # fmt: skip
    assert SECRET not in str(buried(world).headers)
    pickled = plain_properties(content_type="application/x-python-serialize", reply_to=replies.key)
    world.broker.publish(REQUEST, key="echo.echo", **pickled)
    assert replies.result()["error"]["code"] == "bus.malformed-message", "only JSON is served"
    assert SECRET not in world.log()
    assert world.echoes()


@scenario
def a_wrongly_typed_body_is_answered_with_what_is_allowed(world: World) -> None:
    replies = ReplyQueue(world.broker)
    for body in ("5", '{"args": 5, "kwargs": {}}', '{"kwargs": {}}', "[]"):
        world.broker.publish(body, key="echo.echo", **plain_properties(reply_to=replies.key))
        assert replies.result()["error"]["code"] == "bus.malformed-message"


@scenario
def a_plain_nameko_call_gets_a_plain_reply_transient_and_without_confirm(world: World) -> None:
    replies = ReplyQueue(world.broker)
    world.broker.call("echo", "echo", replies=replies, value="plain")
    message = replies.wait()
    assert json.loads(message.body) == {"result": {"value": "plain"}, "error": None}
    assert message.properties["delivery_mode"] == 1
    full = ReplyQueue(world.broker, arguments={"x-max-length": 0, "x-overflow": "reject-publish"})
    world.broker.call("echo", "echo", replies=full, value="refused reply")
    assert world.echoes()


@scenario
def a_call_that_nobody_answers_ends_at_its_deadline(world: World) -> None:
    world.broker.queue("rpc-ghost", exchange=names.RPC_EXCHANGE, key="ghost.*")
    error = error_of(lambda: world.client.ghost.anything(timeout_s=0.4))
    assert isinstance(error, NoReply | OutcomeUnknown), error
    assert len(world.client._pending) == 0
    wait_until(lambda: world.broker.depth("rpc-ghost") == 0, "the request expires with its deadline")


@scenario
def a_full_queue_is_unavailable_with_a_hint(world: World) -> None:
    world.broker.queue("rpc-full", exchange=names.RPC_EXCHANGE, key="full.*",
                       arguments={"x-max-length": 0, "x-overflow": "reject-publish"})  # fmt: skip
    error = error_of(lambda: world.client.full.anything(timeout_s=0.5))
    assert isinstance(error, QueueFull) and isinstance(error, Unavailable)
    assert error.details["retry_after_s"] > 0


@scenario
def mistakes_of_the_caller_name_what_exists(world: World) -> None:
    unknown = error_of(lambda: world.client.nobody.anything(timeout_s=5))
    assert isinstance(unknown, UnknownService) and "nobody" in unknown.message
    method = error_of(lambda: world.client.echo.ecko(timeout_s=5))
    assert isinstance(method, UnknownMethod) and "echo" in method.details["methods"]
    arguments = error_of(lambda: world.client.echo.echo(valeu="1", timeout_s=5))
    assert isinstance(arguments, InvalidArguments) and arguments.details["allowed"] == ["value"]


@scenario
def an_unknown_service_is_known_without_a_round_trip_for_each_call(world: World) -> None:
    outcomes: list[AppError] = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(error_of(lambda: world.client.nobody.x(timeout_s=5))))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert [type(error) for error in outcomes] == [UnknownService] * 20


@scenario
def the_same_operation_twice_is_one_effect_and_the_same_reply(world: World) -> None:
    key, operation = world.key(), world.key("op")
    first = world.client.echo.keep(key=key, op_id=operation, timeout_s=5)
    assert world.client.echo.keep(key=key, op_id=operation, timeout_s=5) == first
    assert world.committed("echo", key) == 1
    assert isinstance(error_of(lambda: world.client.echo.keep(key="other", op_id=operation, timeout_s=5)), Conflict)


@scenario
def a_redelivered_plain_call_is_one_effect(world: World) -> None:
    key, replies = world.key(), ReplyQueue(world.broker)
    properties = plain_properties(reply_to=replies.key)
    body = json.dumps({"args": [key], "kwargs": {}})
    for _ in range(2):
        world.broker.publish(body, key="echo.keep", **properties)
    assert [replies.result()["result"] for _ in range(2)] == [{"key": key}] * 2
    assert world.committed("echo", key) == 1


@scenario
def a_refused_call_has_no_effect_and_its_neighbours_do(world: World) -> None:
    good, bad = world.key(), world.key("refused")
    outcomes: dict[str, Any] = {}

    def keep(key: str) -> None:
        try:
            outcomes[key] = world.client.echo.keep(key=key, timeout_s=5)
        except AppError as error:
            outcomes[key] = error.code

    threads = [threading.Thread(target=keep, args=(key,)) for key in (good, bad)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert outcomes == {good: {"key": good}, bad: Refused.code}
    assert (world.committed("echo", good), world.committed("echo", bad)) == (1, 0)


@scenario
def an_event_is_handled_once_though_its_handler_failed_first(world: World) -> None:
    key = world.key("key-fails-3-")
    world.client.echo.keep(key=key, timeout_s=5)
    world.wait_committed("listener", key)
    assert world.committed("listener", key) == 1
    assert world.effects.count(f"heard {key}") == 4


@scenario
def an_event_whose_handler_always_fails_is_buried(world: World) -> None:
    key = world.key("key-fails-99-")
    world.client.echo.keep(key=key, timeout_s=5)
    letter = buried(world, "listener")
    assert json.loads(letter.body)["data"] == {"key": key}
    assert letter.headers["x-reason"] == "RuntimeError"
    assert world.committed("listener", key) == 0


@scenario
def an_event_delivered_twice_has_one_effect(world: World) -> None:
    key = world.key()
    event = {"id": f"evt_{key}", "type": "kept", "source": "echo", "occurred_at": "2026-01-01T00:00:00+00:00",
             "aggregate": key, "tenant": "default", "data": {"key": key}}  # fmt: skip
    for _ in range(3):
        world.broker.publish(json.dumps(event), exchange="echo.events", key="kept",
                             content_type=names.EVENT_CONTENT_TYPE)  # fmt: skip
    world.wait_committed("listener", key)
    wait_until(lambda: world.broker.depth("events.listener.on_kept") == 0, "all copies are taken")
    assert world.committed("listener", key) == 1


@scenario
def events_that_are_asked_for_in_order_wait_for_one_that_fails(world: World) -> None:
    first, *others = keys = [world.key("key-fails-3-"), *(world.key("key-") for _ in range(5))]
    for key in keys:
        world.client.echo.keep(key=key, timeout_s=5)
    world.wait_committed("ordered", others[-1])
    done = [line.removeprefix("done in order ") for line in world.effects.lines() if line.startswith("done in order ")]
    assert [key for key in done if key in keys] == keys
    assert world.effects.count(f"in order {first}") == 4


@scenario
def an_event_that_is_no_event_is_buried(world: World) -> None:
    world.broker.publish('{"id": 5}', exchange="echo.events", key="kept", content_type=names.EVENT_CONTENT_TYPE)
    assert buried(world, "listener").headers["x-reason"] == "bus.malformed-message"


@scenario
def expired_work_is_not_run(world: World) -> None:
    key = world.key()
    busy = threading.Thread(target=lambda: world.client.slow.keep(key=key, seconds=0.8, timeout_s=5))
    busy.start()
    world.effects.wait_for(f"started {key}")
    late = world.key("late")
    assert isinstance(error_of(lambda: world.client.slow.echo(value=late, timeout_s=0.3)), OutcomeUnknown)
    busy.join(10)
    world.client.slow.echo(value=key, timeout_s=5)
    assert world.effects.count(f"echo {late}") == 0


@scenario
def a_method_is_closed_to_whom_its_contract_does_not_name(world: World) -> None:
    assert isinstance(error_of(lambda: world.client.echo.closed(timeout_s=5)), CallerNotAllowed)


@scenario
def a_reply_address_must_be_a_reply_queue(world: World) -> None:
    call = json.dumps([{"id": "1", "method": "who", "kwargs": {}}])
    world.broker.publish(call, key="echo.calls", content_type=names.CALLS_CONTENT_TYPE, reply_to="rpc-echo")
    letter = buried(world)
    assert (letter.headers["x-reason"], letter.body) == ("bus.malformed-message", call)


@scenario
def a_call_over_the_size_limit_is_refused_where_it_starts(world: World) -> None:
    assert isinstance(error_of(lambda: world.client.echo.echo(value="x" * 300_000, timeout_s=5)), PayloadTooLarge)


@scenario
def a_call_through_another_service_carries_its_context(world: World) -> None:
    key = world.key()
    assert world.client.relay.relay(key=key, timeout_s=5) == {"key": key}
    assert world.committed("echo", key) == 1


@scenario
def a_coalesced_message_is_answered_call_by_call(world: World) -> None:
    replies: list[Any] = []
    channel = world.broker.channel
    tag = channel.basic_consume(names.DIRECT_REPLY_TO, callback=replies.append, no_ack=True)
    calls: list[dict[str, Any]] = [
        {"id": str(number), "method": "echo", "kwargs": {"value": str(number)}} for number in range(5)]
    calls += [{"id": "bad", "method": "nothing", "kwargs": {}}, {"id": "worse", "method": 5}]
    world.broker.publish(json.dumps(calls), key="echo.calls", content_type=names.CALLS_CONTENT_TYPE,
                         reply_to=names.DIRECT_REPLY_TO, message_id=str(uuid.uuid4()))  # fmt: skip

    def answers() -> dict[str, Any]:
        return {reply["id"]: reply for message in replies for reply in json.loads(message.body)}

    while len(answers()) < len(calls):
        channel.connection.drain_events(timeout=5)
    channel.basic_cancel(tag)
    got = answers()
    assert all(got[str(number)]["result"] == {"value": str(number)} for number in range(5))
    assert got["bad"]["error"]["code"] == "bus.unknown-method"
    assert got["worse"]["error"]["code"] == "bus.malformed-message"


@scenario
def a_call_that_is_too_deep_or_means_two_things_fails_beside_good_ones(world: World) -> None:
    replies: list[Any] = []
    channel = world.broker.channel
    tag = channel.basic_consume(names.DIRECT_REPLY_TO, callback=replies.append, no_ack=True)
    good = [json.dumps({"id": str(number), "method": "echo", "kwargs": {"value": "1"}}) for number in range(50)]
    arguments = {
        "deep": '{"value": ' + "[" * 300 + "]" * 300 + "}", "twice": '{"value": "1", "value": "2"}',
        "rounded": '{"value": 18446744073709551616}', "nul": '{"value": "a\\u0000"}', "fraction": '{"value": 1.5}',
    }
    bad = [f'{{"id": "{name}", "method": "echo", "kwargs": {kwargs}}}' for name, kwargs in arguments.items()]
    world.broker.publish("[" + ", ".join([*bad, *good]) + "]", key="echo.calls",
                         content_type=names.CALLS_CONTENT_TYPE, reply_to=names.DIRECT_REPLY_TO)  # fmt: skip

    def answers() -> dict[str, Any]:
        return {reply["id"]: reply for message in replies for reply in json.loads(message.body)}

    while len(answers()) < len(good) + len(bad):
        channel.connection.drain_events(timeout=5)
    channel.basic_cancel(tag)
    got = answers()
    assert all(got[str(number)]["result"] == {"value": "1"} for number in range(50))
    assert {got[name]["error"]["code"] for name in arguments} == {"bus.invalid-arguments"}
    named = {path for name in arguments for path in got[name]["error"]["details"]["fields"]}
    assert named == {"value", "value.0"}


@scenario
def a_quick_call_does_not_wait_for_a_slow_one_in_its_message(world: World) -> None:
    replies: list[Any] = []
    channel, key = world.broker.channel, world.key()
    tag = channel.basic_consume(names.DIRECT_REPLY_TO, callback=replies.append, no_ack=True)
    calls = [{"id": "slow", "method": "keep", "kwargs": {"key": key, "seconds": 0.5}, "op_id": key},
             {"id": "quick", "method": "echo", "kwargs": {"value": "1"}}]  # fmt: skip
    world.broker.publish(json.dumps(calls), key="echo.calls", content_type=names.CALLS_CONTENT_TYPE,
                         reply_to=names.DIRECT_REPLY_TO)  # fmt: skip
    while len(replies) < 2:
        channel.connection.drain_events(timeout=5)
    channel.basic_cancel(tag)
    assert [reply["id"] for message in replies for reply in json.loads(message.body)] == ["quick", "slow"]


@scenario
def requests_and_replies_are_transient_and_end_with_their_deadline(world: World) -> None:
    queue = world.broker.queue("rpc-shadow", exchange=names.RPC_EXCHANGE, key="shadow.*")
    assert isinstance(error_of(lambda: world.client.shadow.anything(timeout_s=0.05)), OutcomeUnknown)
    caller = threading.Thread(target=lambda: error_of(lambda: world.client.shadow.anything(timeout_s=1)))
    caller.start()
    request = taken(world, queue)
    assert request.properties["delivery_mode"] == 1
    assert 0 < int(request.properties["expiration"]) <= 1000
    replies = ReplyQueue(world.broker)
    world.broker.call("echo", "echo", replies=replies, value="1")
    assert int(replies.wait().properties["expiration"]) > 0
    caller.join(10)


@scenario
def an_event_is_persistent_and_belongs_to_the_trace_of_its_call(world: World) -> None:
    queue = world.broker.queue("listening", exchange=names.event_exchange("echo"), key="kept")
    traced = world.client.with_context(traceparent=f"00-{TRACE_ID}-00f067aa0ba902b7-01")
    for call in (traced.echo.keep, traced.relay.relay):
        call(key=world.key(), timeout_s=5)
        message = taken(world, queue)
        assert message.properties["delivery_mode"] == 2
        assert message.properties["message_id"] == json.loads(message.body)["id"]
        assert TRACE_ID in json.loads(message.body)["trace"]
    world.client.echo.keep(key=world.key(), timeout_s=5)
    assert json.loads(taken(world, queue).body)["trace"], "a call without a trace begins one"
    world.broker.channel.queue_delete(queue)


@scenario
def every_call_has_one_summary_line(world: World) -> None:
    """Also those that never reach a method, so that nobody knocks without being seen."""
    trace_id = uuid.uuid4().hex
    echo = world.client.with_context(traceparent=f"00-{trace_id}-00f067aa0ba902b7-01", caller="relay").echo
    echo.echo(value="1", timeout_s=5)
    for wrong in (lambda: echo.keep(key="refused", timeout_s=5), lambda: echo.ecko(timeout_s=5),
                  lambda: echo.echo(timeout_s=5), lambda: echo.closed(timeout_s=5)):  # fmt: skip
        error_of(wrong)

    def lines() -> list[dict[str, Any]]:
        return [json.loads(line) for line in world.log().splitlines()
                if trace_id in line and '"bus.call.finished"' in line]  # fmt: skip

    wait_until(lambda: len(lines()) >= 5, "five lines")
    assert [(line["method"], line["outcome"], line["code"]) for line in lines()] == [
        ("echo", "ok", "ok"), ("keep", "conflict", Refused.code), ("unknown", "not-found", UnknownMethod.code),
        ("echo", "invalid-input", InvalidArguments.code), ("closed", "forbidden", CallerNotAllowed.code),
    ]  # fmt: skip
    for line in lines():
        assert line["service"] == "echo" and line["duration_ms"] >= 0 and line["trace_id"] == trace_id
        assert line["caller"] == ("relay" if line["method"] != "unknown" else line["caller"])


@scenario
def a_bug_is_answered_with_its_trace_id_and_nothing_more(world: World) -> None:
    # Long: on a busy machine the caller's own deadline would be what it hears of.
    error = error_of(lambda: world.client.echo.crash(value=SECRET, timeout_s=20))
    assert (error.code, error.category) == ("internal", "internal"), error.message
    assert SECRET not in f"{error.message} {error.details}"
    trace_id = error.details["trace_id"]
    wait_until(lambda: trace_id in world.log(), "the traceback, under the trace id of the answer")
    assert len(trace_id) == 32 and SECRET not in world.log()


@scenario
def what_callers_send_is_never_logged(world: World) -> None:
    """Personal data in wrong arguments, in what is refused, and in an event whose handler fails."""
    canaries = ("13800138000", "33010619850615002X", "林静")
    for canary in canaries:
        error_of(lambda canary=canary: world.client.echo.echo(value={"name": canary}, timeout_s=5))  # type: ignore[misc]
        error_of(lambda canary=canary: world.client.echo.echo(**{canary: 1}, timeout_s=5))  # type: ignore[misc]
        error_of(lambda canary=canary: world.client.echo.keep(key=f"refused {canary}", timeout_s=5))  # type: ignore[misc]
        key = world.key(f"{canary}-fails-99-")
        world.client.echo.keep(key=key, timeout_s=5)
        assert json.loads(buried(world, "listener").body)["data"] == {"key": key}
    assert [canary for canary in canaries if canary in world.log()] == []


@scenario
def a_service_whose_queue_is_deleted_consumes_again(world: World) -> None:
    """Its connection is well, and yet it would never be given anything again."""
    for queue in ("rpc-slow", "events.listener.on_kept"):
        world.broker.channel.queue_delete(queue)
        wait_until(lambda queue=queue: world.broker.consumers(queue) == 1, f"a consumer of {queue}")  # type: ignore[misc]
    assert world.client.slow.echo(value="1", timeout_s=5) == {"value": "1"}
    key = world.key()
    world.client.echo.keep(key=key, timeout_s=5)
    world.wait_committed("listener", key)


@scenario
def calls_that_gather_while_a_message_is_written_travel_together(world: World) -> None:
    queue = world.broker.queue("rpc-gather", exchange=names.RPC_EXCHANGE, key="gather.*")
    assert world.echoes()
    connection: Any = world.client._broker.connection
    publish, writing, go_on = connection.publish, threading.Event(), threading.Event()

    def slowly(*arguments: Any, **options: Any) -> Any:
        writing.set()
        go_on.wait(5)
        return publish(*arguments, **options)

    def ask() -> threading.Thread:
        thread = threading.Thread(target=lambda: error_of(lambda: world.client.gather.anything(timeout_s=2)))
        thread.start()
        return thread

    connection.publish = slowly
    try:
        asking = [ask()]
        assert writing.wait(5)
        asking += [ask() for _ in range(19)]
        wait_until(lambda: len(world.client._pending) == 20, "all wait")
    finally:
        connection.publish = publish
        go_on.set()
    assert [len(json.loads(taken(world, queue).body)) for _ in range(2)] == [1, 19]
    for thread in asking:
        thread.join(10)
