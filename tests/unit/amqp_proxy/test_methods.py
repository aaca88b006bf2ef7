"""Which AMQP methods an app may send, and what becomes of them."""
from __future__ import annotations

import struct
from typing import Any

import pytest
from amqp import spec
from amqp.serialization import dumps

from shared_components.amqp_proxy import methods as allowed
from shared_components.amqp_proxy.methods import AppMethods
from shared_components.amqp_proxy.refusal import Refusal

ID = "8162764f-3ad8-47df-8de7-4542b8d1232e"
QUEUE = f"rpc.reply-standalone_rpc_proxy-{ID}"
SEEN_OF_STOCK_NAMEKO = {"x-expires": 300_000}
PASSIVE, EXCLUSIVE = 0b1, 0b100


def method(number: tuple[int, int], form: str = "", *arguments: Any) -> bytes:
    return struct.pack(">HH", *number) + (dumps(form, arguments) if form else b"")


def declare_exchange(name: str = "nameko-rpc", kind: str = "topic", *, passive: bool = False, durable: bool = True,
                     auto_delete: bool = False, internal: bool = False, **arguments: Any) -> bytes:  # fmt: skip
    return method(spec.Exchange.Declare, "BssbbbbbF", 0, name, kind, passive, durable, auto_delete, internal, False,
                  {key.replace("_", "-"): value for key, value in arguments.items()})  # fmt: skip


def declare_queue(name: str = QUEUE, *, passive: bool = False, arguments: dict[str, Any] | None = None) -> bytes:
    return method(spec.Queue.Declare, "BsbbbbbF", 0, name, passive, True, False, False, False, arguments or {})


def bind(queue: str = QUEUE, exchange: str = "nameko-rpc", key: str = ID, **arguments: Any) -> bytes:
    return method(spec.Queue.Bind, "BsssbF", 0, queue, exchange, key, False, arguments)


def consume(queue: str, tag: str = "t") -> bytes:
    return method(spec.Basic.Consume, "BssbbbbF", 0, queue, tag, False, True, False, False, {})


def delete(queue: str) -> bytes:
    return method(spec.Queue.Delete, "Bsbbb", 0, queue, False, False, False)


def get(queue: str) -> bytes:
    return method(spec.Basic.Get, "Bsb", 0, queue, True)


def publish(exchange: str, *, ticket: int = 0) -> bytes:
    return method(spec.Basic.Publish, "Bssbb", ticket, exchange, "payment.get_order", True, False)


def start_ok(mechanism: str, response: bytes) -> bytes:
    begin = method((10, 11), "Fs", {"product": "test"}, mechanism)
    return begin + struct.pack(">I", len(response)) + response + b"\x05en_US"


@pytest.fixture
def app() -> AppMethods:
    return AppMethods(b"app-demo")


def test_the_exchange_of_calls_declared_as_it_is_becomes_a_question_whether_it_is_there(app: AppMethods) -> None:
    assert app.check(1, declare_exchange()) == declare_exchange(passive=True)
    assert app.check(1, declare_exchange(passive=True)) is None


def test_a_reply_queue_becomes_exclusive(app: AppMethods) -> None:
    changed = app.check(1, declare_queue(arguments=SEEN_OF_STOCK_NAMEKO))
    assert changed == method(
        spec.Queue.Declare, "BsbbbbbF", 0, QUEUE, False, True, True, False, False, SEEN_OF_STOCK_NAMEKO)
    for following in (bind(), consume(QUEUE), get(QUEUE), declare_queue(passive=True), delete(QUEUE)):
        assert app.check(1, following) is None


@pytest.mark.parametrize("sent", [
    publish("nameko-rpc"), publish("nameko-rpc", ticket=1), consume("amq.rabbitmq.reply-to"), method((10, 40)),
    method((10, 50)), method((10, 51)), method((20, 10)), method((20, 40)), method((60, 10)), method((60, 80)),
    method((60, 90)), method((60, 120)), method((85, 10)),
])  # fmt: skip
def test_what_callers_need_goes_through_as_it_is(app: AppMethods, sent: bytes) -> None:
    assert app.check(1, sent) is None


def test_an_app_reads_the_queue_of_its_events_and_no_other_s(app: AppMethods) -> None:
    assert app.check(1, consume("app-events.app-demo")) is app.check(1, get("app-events.app-demo")) is None
    for sent in (consume("app-events.app-other"), get("app-events.app-demo-2"), delete("app-events.app-demo"),
                 declare_queue("app-events.app-demo"), bind("app-events.app-demo")):
        with pytest.raises(Refusal):
            app.check(1, sent)


@pytest.mark.parametrize(("sent", "said"), [
    (declare_exchange("payment.events"), "exchange.declare of another exchange"),
    (declare_exchange("payment.events", passive=True), "exchange.declare of another exchange"),
    (declare_exchange(alternate_exchange="mine"), "declared otherwise than it is"),
    (declare_exchange(kind="fanout"), "declared otherwise"), (declare_exchange(durable=False), "declared otherwise"),
    (declare_exchange(auto_delete=True), "declared otherwise"), (declare_exchange(internal=True), "declared otherwise"),
    (declare_queue("mine"), "for its reply queue alone"), (declare_queue(""), "for its reply queue alone"),
    (declare_queue(QUEUE + "x"), "for its reply queue alone"), (declare_queue("rpc-payment"), "its reply queue alone"),
    (declare_queue(arguments={"x-dead-letter-exchange": "nameko-rpc"}), "arguments that are not allowed"),
    (declare_queue(arguments={"x-expires": 1, "x-queue-type": "quorum"}), "arguments that are not allowed"),
    (declare_queue(arguments={"x-max-priority": 255}), "arguments that are not allowed"),
    (declare_queue(passive=True), "that this connection has not declared"), (bind(), "has not declared"),
    (consume(QUEUE), "has not declared"), (consume(""), "has not declared"), (get("dead.payment"), "has not declared"),
    (get("amq.rabbitmq.reply-to"), "has not declared"), (delete("rpc-payment"), "has not declared"),
    (publish(""), "to another exchange"), (publish("amq.topic"), "to another exchange"),
    (method((10, 70)), "connection.update-secret is"), (method((30, 10)), "access.request is"),
    (method((40, 20)), "exchange.delete is"), (method((40, 30)), "exchange.bind is"),
    (method((40, 40)), "exchange.unbind is"), (method((50, 30)), "queue.purge is"), (method((50, 50)), "queue.unbind"),
    (method((60, 110)), "basic.recover is"), (method((60, 100)), "basic.recover-async is"),
    (method((90, 10)), "tx.select is"), (method((99, 1)), "method 99.1 is"), (b"\0", "a method without a number"),
    (start_ok("PLAIN", b"\0operator\0x"), "a second login"),
])  # fmt: skip
def test_everything_else_is_refused_with_what_is_allowed(app: AppMethods, sent: bytes, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        app.check(1, sent)
    assert said in refused.value.text
    assert refused.value.code == 530
    assert len(refused.value.text.encode()) <= 255


@pytest.mark.parametrize("sent", [
    bind(key="#"), bind(key="payment.*"), bind(key="8162764f-3ad8-47df-8de7-4542b8d1232f"), bind(exchange="amq.topic"),
    bind(exchange="payment.events", key="#"), bind(x="y"),
])  # fmt: skip
def test_a_reply_queue_hears_its_own_replies_alone(app: AppMethods, sent: bytes) -> None:
    app.check(1, declare_queue())
    with pytest.raises(Refusal, match="by the UUID of its own name alone"):
        app.check(1, sent)


def test_a_queue_that_was_deleted_is_no_longer_its_own(app: AppMethods) -> None:
    app.check(1, declare_queue())
    app.check(1, delete(QUEUE))
    with pytest.raises(Refusal):
        app.check(1, consume(QUEUE))


@pytest.mark.parametrize("cut", range(1, 20))
@pytest.mark.parametrize("whole", [declare_exchange(), declare_queue(), publish("nameko-rpx"), consume(QUEUE)])
def test_a_method_that_is_cut_off_is_refused(app: AppMethods, whole: bytes, cut: int) -> None:
    with pytest.raises(Refusal):
        app.check(1, whole[:-cut])


def test_queues_consumers_and_channels_are_limited_in_number(app: AppMethods) -> None:
    def other(number: int) -> str:
        return QUEUE[:-4] + f"{number:04x}"

    for number in range(allowed.MOST_QUEUES):
        app.check(1, declare_queue(other(number)))
    with pytest.raises(Refusal, match="too many reply queues; at most 4"):
        app.check(1, declare_queue(other(99)))
    for number in range(allowed.MOST_CHANNELS):
        app.check(number, method((20, 10)))
    app.check(0, method((20, 40)))
    app.check(0, method((20, 10)))
    with pytest.raises(Refusal, match="too many channels; at most 64"):
        app.check(99, method((20, 10)))


@pytest.mark.parametrize("tag", ["", "named"])
def test_a_cancel_of_nothing_makes_no_room_for_another_consumer(app: AppMethods, tag: str) -> None:
    for number in range(allowed.MOST_CONSUMERS):
        app.check(1, consume("amq.rabbitmq.reply-to", tag and f"{tag}{number}"))
        app.check(1, method(spec.Basic.Cancel, "sb", "another", False))
    with pytest.raises(Refusal, match="too many consumers; at most 16"):
        app.check(2, consume("amq.rabbitmq.reply-to", "more"))


def test_a_consumer_that_was_cancelled_makes_room(app: AppMethods) -> None:
    for _ in range(3 * allowed.MOST_CONSUMERS):
        app.check(1, consume("amq.rabbitmq.reply-to", "one"))
        app.check(1, method(spec.Basic.Cancel, "sb", "one", False))


@pytest.mark.parametrize(("mechanism", "response"), [
    ("PLAIN", b"\0app-tax\0secret"), ("AMQPLAIN", dumps("F", [{"LOGIN": "app-tax", "PASSWORD": "secret"}])[4:]),
])  # fmt: skip
def test_the_user_is_read_from_the_login(mechanism: str, response: bytes) -> None:
    app = AppMethods()
    assert app.check(0, start_ok(mechanism, response)) is None
    assert app.user == b"app-tax"


@pytest.mark.parametrize(("mechanism", "response"), [
    ("EXTERNAL", b""), ("ANONYMOUS", b""), ("RABBIT-CR-DEMO", b"app-tax"), ("PLAIN", b""), ("PLAIN", b"app-tax\0x"),
    ("PLAIN", b"other\0app-tax\0x"), ("PLAIN", b"\0" + b"x" * 256 + b"\0x"), ("AMQPLAIN", b"\x05LOGIN"),
    ("AMQPLAIN", dumps("F", [{"PASSWORD": "x"}])[4:]), ("AMQPLAIN", b"\xff" * 9),
])  # fmt: skip
def test_a_login_that_names_no_user_is_refused(mechanism: str, response: bytes) -> None:
    app = AppMethods()
    with pytest.raises(Refusal):
        app.check(0, start_ok(mechanism, response))
    assert app.user is None
