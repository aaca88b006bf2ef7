"""Everything that AMQP has, tried by an app's user: to smuggle a call, to read what is others', or to harm them."""
from __future__ import annotations

import struct
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from operator import methodcaller
from typing import Any

import amqp
from amqp import spec

from shared_components.bus.amqp import names
from tests.faults.asking import RawUser

ALLOWED_KEY, FORBIDDEN_KEY = "payment.list_fee_items", "payment.put_fee_item"


@dataclass(frozen=True)
class Attempt:
    """do(user, body): body is that of a call which the app may not make.

    refused: whether the AMQP proxy has to end the connection; else the call is let through and has no effect.
    """

    kind: str
    what: str
    do: Callable[[RawUser, bytes], object]
    refused: bool = True


def attempts(victims_queue: str) -> Iterator[Attempt]:
    """victims_queue: the reply queue of another app, whose name has become known."""
    yield from _smuggling()
    yield from _configuring()
    yield from _reading(victims_queue)
    yield from _publishing()
    yield from _other_methods()
    yield from _very_many()


def call(user: RawUser, body: bytes, key: str, exchange: str = names.RPC_EXCHANGE, **properties: Any) -> None:
    properties = {"content_type": names.JSON_CONTENT_TYPE, "correlation_id": str(uuid.uuid4()), **properties}
    user.publish(body, key, exchange, **properties)
    user.settle()


def own_queue(user: RawUser, *, exclusive: bool = False, **arguments: Any) -> tuple[str, str]:
    """A reply queue as stock nameko has it, with arguments of one's own; gives its name and its routing key."""
    key = str(uuid.uuid4())
    queue = f"rpc.reply-standalone_rpc_proxy-{key}"
    written = {name.replace("_", "-"): value for name, value in arguments.items()}
    user.channel.queue_declare(queue, durable=True, auto_delete=False, exclusive=exclusive, arguments=written)
    user.channel.queue_bind(queue, names.RPC_EXCHANGE, key)
    return queue, key


TO_THE_CALL: Mapping[str, Any] = {
    "x_dead_letter_exchange": names.RPC_EXCHANGE, "x_dead_letter_routing_key": FORBIDDEN_KEY}


def _smuggling() -> Iterator[Attempt]:
    """To the queue of calls, by another way than the key that the broker looks at."""

    def dead_letter(user: RawUser, body: bytes, stated: Mapping[str, str], **how: Any) -> None:
        _, key = own_queue(user, exclusive=False, **TO_THE_CALL, **how)
        call(user, body, ALLOWED_KEY, application_headers={"CC": [key]}, reply_to=key, **stated)

    def reject(user: RawUser, body: bytes, stated: Mapping[str, str]) -> None:
        queue, key = own_queue(user, exclusive=False, **TO_THE_CALL)
        call(user, body, ALLOWED_KEY, application_headers={"BCC": [key]}, reply_to=key, **stated)
        for _ in range(50):
            message = user.channel.basic_get(queue)
            if message is not None:
                user.channel.basic_reject(message.delivery_info["delivery_tag"], requeue=False)
                break

    def route_by_header(
        user: RawUser, body: bytes, *, header: str, stated: Callable[[RawUser], dict[str, str]]
    ) -> None:
        call(user, body, ALLOWED_KEY, application_headers={header: [FORBIDDEN_KEY]}, **stated(user))

    for state in (False, True):
        # A user is stated, or it is not: by the app at the broker itself.
        told = " and user_id" if state else ""

        def stated(user: RawUser, state: bool = state) -> dict[str, str]:
            return {"user_id": user.name} if state else {}

        yield Attempt("smuggle a call", f"the key itself{told}", lambda user, body, of=stated: call(
            user, body, FORBIDDEN_KEY, **of(user)), refused=False)  # type: ignore[misc]
        for header in ("CC", "BCC"):
            yield Attempt("smuggle a call", f"header {header}{told}", partial(
                route_by_header, header=header, stated=stated), refused=False)
        for name, how in (("expired", {"x_message_ttl": 0}), ("over the length", {"x_max_length": 0})):
            yield Attempt("smuggle a call", f"dead letter, {name}{told}", lambda user, body, of=stated, how=how:
                          dead_letter(user, body, of(user), **how))  # type: ignore[misc]
        yield Attempt("smuggle a call", f"dead letter, rejected{told}", lambda user, body, of=stated: reject(
            user, body, of(user)))  # type: ignore[misc]
    yield Attempt("smuggle a call", "a list of calls under an allowed key", lambda user, body: call(
        user, b'[{"id": "1", "method": "put_fee_item", "kwargs": ' + body.partition(b'"kwargs":')[2][:-1] + b', '
        b'"op_id": "x", "context": {"caller": "operator", "for_app": "app-x"}}]', ALLOWED_KEY,
        content_type=names.CALLS_CONTENT_TYPE, user_id=user.name), refused=False)
    for other in ("operator", "matter", ""):
        yield Attempt("smuggle a call", f"user_id '{other}'", lambda user, body, other=other: call(
            user, body, FORBIDDEN_KEY, user_id=other), refused=False)  # type: ignore[misc]


def _configuring() -> Iterator[Attempt]:
    kind = "configure what is shared"
    exchange, others = names.RPC_EXCHANGE, ("rpc-payment", "dead.payment", "events.payment.make_refund")
    steps: dict[str, Callable[[Any], object]] = {
        "delete the exchange of calls": lambda on: on.exchange_delete(exchange),
        "delete the exchange of events": lambda on: on.exchange_delete("payment.events"),
        "an exchange of one's own": lambda on: on.exchange_declare("mine", "fanout", durable=True, auto_delete=False),
        "another alternate exchange": lambda on: on.exchange_declare(
            exchange, "topic", durable=True, auto_delete=False, arguments={"alternate-exchange": "amq.fanout"}),
        "declare the exchange of calls otherwise": lambda on: on.exchange_declare(exchange, "fanout"),
        "bind the exchange of calls to another": lambda on: on.exchange_bind("amq.fanout", exchange, "#"),
        "bind another exchange to that of calls": lambda on: on.exchange_bind(exchange, "amq.topic", "#"),
        "unbind an exchange": lambda on: on.exchange_unbind(exchange, "amq.topic", "#"),
        "a queue of calls": lambda on: on.queue_declare("rpc-payment", durable=True, auto_delete=False),
        "a queue of another name": lambda on: on.queue_declare("mine"), "a queue without a name": lambda on: (
            on.queue_declare("")),
    }  # fmt: skip
    for queue in others:
        steps |= {
            f"delete {queue}": methodcaller("queue_delete", queue),
            f"purge {queue}": methodcaller("queue_purge", queue),
            f"unbind {queue}": methodcaller("queue_unbind", queue, exchange, "payment.*"),
            f"bind {queue}": methodcaller("queue_bind", queue, exchange, "identity.*"),
        }
    for what, step in steps.items():
        yield Attempt(kind, what, lambda user, body, step=step: step(user.channel))  # type: ignore[misc]


def _reading(victims_queue: str) -> Iterator[Attempt]:
    kind = "read what is others'"

    def bind_own_queue(user: RawUser, body: bytes, *, exchange: str, key: str) -> None:
        user.channel.queue_bind(own_queue(user)[0], exchange, key)

    for queue in ("rpc-payment", "dead.payment", "zhongtai.unrouted", "events.payment.make_refund", victims_queue):
        name = "another app's replies" if queue == victims_queue else queue
        yield Attempt(kind, f"consume {name}", lambda user, body, queue=queue: user.channel.basic_consume(
            queue))  # type: ignore[misc]
        yield Attempt(kind, f"get {name}", lambda user, body, queue=queue: user.channel.basic_get(
            queue))  # type: ignore[misc]
    for what in ("delete", "purge"):
        yield Attempt(kind, f"{what} another app's replies", lambda user, body, what=what: getattr(
            user.channel, f"queue_{what}")(victims_queue))  # type: ignore[misc]
    yield Attempt(kind, "declare another app's reply queue", lambda user, body: (
        user.channel.queue_declare(victims_queue, durable=True, auto_delete=False),
        user.channel.basic_consume(victims_queue)))
    for exchange, key in ((names.RPC_EXCHANGE, "#"), (names.RPC_EXCHANGE, "payment.*"), ("payment.events", "#"),
                          ("amq.rabbitmq.trace", "#"), (names.RPC_EXCHANGE, victims_queue[-36:])):  # fmt: skip
        # At the broker itself: whose UUID is known, whose replies are heard.
        yield Attempt(kind, f"bind to {exchange}, {key[:12]}", partial(bind_own_queue, exchange=exchange, key=key))


def _publishing() -> Iterator[Attempt]:
    for exchange, key in (("", "rpc-payment"), ("", "events.payment.make_refund"), ("payment.events", "order-paid"),
                          (names.DEAD_EXCHANGE, "payment"), ("amq.topic", "x"), ("amq.fanout", ""),
                          ("zhongtai.unrouted", ""), ("", "dead.payment")):  # fmt: skip
        yield Attempt("publish elsewhere", f"{exchange or 'the default exchange'}, {key}",
                      lambda user, body, exchange=exchange, key=key: call(user, body, key, exchange))  # type: ignore[misc]


def _other_methods() -> Iterator[Attempt]:
    """Harmless at the broker itself, where they are the app's own; but no client of ours needs them."""
    methods: dict[str, tuple[tuple[int, int], str, tuple[Any, ...]]] = {
        "tx.select": (spec.Tx.Select, "", ()), "basic.recover": (spec.Basic.Recover, "b", (True,)),
        "basic.recover-async": (spec.Basic.RecoverAsync, "b", (True,)),
        "access.request": ((30, 10), "sbbbbb", ("/data", False, True, True, True, True)),
        "an unknown method": ((99, 1), "", ()),
    }  # fmt: skip
    for name, (number, form, arguments) in methods.items():
        yield Attempt("other methods", name, lambda user, body, number=number, form=form, arguments=arguments: (
            user.channel.send_method(number, form or None, arguments or None), user.settle()))  # type: ignore[misc]

    def update_secret(user: RawUser, body: bytes) -> None:
        user.channel.connection.send_method((10, 70), "Ss", ("another", "because"))
        user.settle()

    def send_a_frame_of_no_kind(user: RawUser, body: bytes) -> None:
        user.channel.connection.transport.write(struct.pack(">BHI", 4, 1, 0) + b"\xce")
        user.settle()

    yield Attempt("other methods", "connection.update-secret", update_secret)
    yield Attempt("other methods", "a frame of no kind", send_a_frame_of_no_kind)


def _very_many() -> Iterator[Attempt]:
    def channels(user: RawUser, body: bytes) -> None:
        for _ in range(100):
            user.channel.connection.channel()

    def queues(user: RawUser, body: bytes) -> None:
        for _ in range(100):
            own_queue(user, exclusive=True)

    def consumers(user: RawUser, body: bytes) -> None:
        queue, _ = own_queue(user, exclusive=True)
        for _ in range(100):
            user.channel.basic_consume(queue)

    for what, do in (("channels", channels), ("queues", queues), ("consumers", consumers)):
        yield Attempt("very many", what, do)


def refused(url: str, attempt: Attempt, body: bytes) -> bool:
    """Whether it was refused, by the channel or the connection being closed."""
    with RawUser(url) as user:
        try:
            attempt.do(user, body)
            user.settle()
        except (amqp.exceptions.AMQPError, OSError):
            return True
    return False
