"""The AMQP methods that an app may send: calls, their replies, and what a client needs for them. Nothing else.

Written for RabbitMQ, whose permissions know names of resources, and neither arguments nor who declared what.
"""
from __future__ import annotations

import re
import struct
from collections.abc import Callable
from typing import Any, Final

from amqp.serialization import loads

from shared_components.amqp_proxy.login import user_of
from shared_components.amqp_proxy.refusal import NOT_ALLOWED, RESOURCE_ERROR, SYNTAX_ERROR, Refusal
from shared_components.bus.amqp import names
from shared_components.bus.amqp.frames import FRAME_MAX

# Of one connection. A stock nameko client has a reply queue, a consumer, and a channel on each of two connections.
MOST_QUEUES, MOST_CONSUMERS, MOST_CHANNELS = 4, 16, 64
# What stock nameko calls the queue for its replies; the routing key of the replies is the UUID at its end.
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
REPLY_QUEUE = re.compile(rf"rpc\.reply-[A-Za-z0-9_.-]{{1,100}}-({UUID})")
# None of them costs others anything, or sends a message anywhere.
QUEUE_ARGUMENTS = frozenset({"x-expires", "x-message-ttl", "x-max-length", "x-max-length-bytes"})

ALLOWED = (f"allowed are calls to exchange '{names.RPC_EXCHANGE}', replies by {names.DIRECT_REPLY_TO}, and a reply "
           "queue as stock nameko has it")  # fmt: skip
_PASSIVE, _DURABLE, _EXCLUSIVE = 0b1, 0b10, 0b100
# Flags of exchange.declare, without passive and no-wait: durable, neither auto-delete nor internal.
_EXCHANGE_FLAGS, _EXCHANGE_AS_IT_IS = 0b1110, _DURABLE
_ID = struct.Struct(">HH").pack
_TUNE_AT = struct.Struct(">HIH").unpack_from
# Class, method, an empty ticket, and the exchange of a call.
PUBLISH: Final = _ID(60, 40)
CALL: Final = PUBLISH + b"\0\0" + bytes((len(names.RPC_EXCHANGE),)) + names.RPC_EXCHANGE.encode()

METHOD_NAMES = {
    (10, 70): "connection.update-secret", (30, 10): "access.request", (40, 20): "exchange.delete",
    (40, 30): "exchange.bind", (40, 40): "exchange.unbind", (50, 30): "queue.purge", (50, 50): "queue.unbind",
    (60, 100): "basic.recover-async", (60, 110): "basic.recover", (90, 10): "tx.select", (90, 20): "tx.commit",
    (90, 30): "tx.rollback",
}  # fmt: skip
# connection: secure-ok, open, close, close-ok; channel.flow, flow-ok; basic.qos, ack, reject, nack; confirm.select
HARMLESS = frozenset(_ID(*one) for one in (
    (10, 21), (10, 40), (10, 50), (10, 51), (20, 20), (20, 21), (60, 10), (60, 80), (60, 90), (60, 120), (85, 10)))
_START_OK = _ID(10, 11)


class AppMethods:
    """State of an app's connection that decides which methods it may send.

    user: who is logged in; None until start-ok has been seen.
    frame_max: the largest frame that client and broker have agreed on.
    """

    def __init__(self, user: bytes | None = None) -> None:
        self.user = user
        self.frame_max = FRAME_MAX
        self._queues: set[str] = set()
        self._channels: set[int] = set()
        # channel → tags of its consumers; "" for each whose tag the broker chooses
        self._consumers: dict[int, list[str]] = {}
        self._checks: dict[bytes, Callable[[int, bytes], bytes | None]] = {
            _START_OK: self._start_ok, _ID(10, 31): self._tune_ok, _ID(20, 10): self._open_channel,
            _ID(20, 40): self._close_channel, _ID(20, 41): self._close_channel, _ID(40, 10): self._declare_exchange,
            _ID(50, 10): self._declare_queue, _ID(50, 20): self._bind, _ID(50, 40): self._delete_queue,
            _ID(60, 20): self._consume, _ID(60, 30): self._cancel, _ID(60, 40): self._publish, _ID(60, 70): self._get,
        }  # fmt: skip

    def check(self, channel: int, method: bytes) -> bytes | None:
        """Gives what is to be sent in its place, None for itself. method: a method frame's content. Raises Refusal."""
        name = method[:4]
        if self.user is None and name != _START_OK:
            raise Refusal("no-login", NOT_ALLOWED, "a method comes before the login; connection.start-ok is allowed")
        if name in HARMLESS:
            return None
        check = self._checks.get(name)
        if check is None:
            raise _not_allowed(f"{_name_of(method)} is not allowed to an app; {ALLOWED}")
        return check(channel, method)

    # connection and channels

    def _start_ok(self, channel: int, method: bytes) -> None:
        if self.user is not None:
            raise _not_allowed("a second login is not allowed; one a connection is")
        self.user = user_of(method[4:])

    def _tune_ok(self, channel: int, method: bytes) -> None:
        if len(method) < 12:
            raise _unreadable("connection.tune-ok")
        # 0: no limit, which the broker does not agree to.
        self.frame_max = min(_TUNE_AT(method, 4)[1] or FRAME_MAX, FRAME_MAX)

    def _open_channel(self, channel: int, method: bytes) -> None:
        self._channels.add(channel)
        if len(self._channels) > MOST_CHANNELS:
            raise _too_many("channels", MOST_CHANNELS)

    def _close_channel(self, channel: int, method: bytes) -> None:
        self._channels.discard(channel)
        self._consumers.pop(channel, None)

    # what stock nameko declares

    def _declare_exchange(self, channel: int, method: bytes) -> bytes | None:
        """Where it is declared as it is, ask instead whether it is there: no app needs a right to configure it."""
        (_, exchange, kind), at = _read("Bss", method, "exchange.declare")
        flags, arguments = _flags_and_table(method, at, "exchange.declare")
        if exchange != names.RPC_EXCHANGE:
            raise _not_allowed(f"exchange.declare of another exchange is not allowed to an app; {ALLOWED}")
        if flags & _PASSIVE:
            return None
        if kind != "topic" or flags & _EXCHANGE_FLAGS != _EXCHANGE_AS_IT_IS or arguments:
            raise _not_allowed(f"exchange '{exchange}' is declared otherwise than it is; type topic, durable, without "
                               "arguments is allowed")
        return _with_flags(method, at, flags | _PASSIVE)

    def _declare_queue(self, channel: int, method: bytes) -> bytes | None:
        """Make it exclusive: then the broker itself keeps other connections from it, and ends it with this one."""
        (_, queue), at = _read("Bs", method, "queue.declare")
        flags, arguments = _flags_and_table(method, at, "queue.declare")
        if flags & _PASSIVE:
            self._refuse_unless_own(queue, "queue.declare")
            return None
        if not REPLY_QUEUE.fullmatch(queue):
            raise _not_allowed("queue.declare is allowed to an app for its reply queue alone, "
                               "'rpc.reply-<name>-<UUID>', or it uses " + names.DIRECT_REPLY_TO)
        if not QUEUE_ARGUMENTS.issuperset(arguments):
            raise _not_allowed("a reply queue is declared with arguments that are not allowed to an app; allowed are "
                               + ", ".join(sorted(QUEUE_ARGUMENTS)))
        self._queues.add(queue)
        if len(self._queues) > MOST_QUEUES:
            raise _too_many("reply queues", MOST_QUEUES)
        return _with_flags(method, at, flags | _EXCLUSIVE)

    def _bind(self, channel: int, method: bytes) -> None:
        (_, queue, exchange, key), at = _read("Bsss", method, "queue.bind")
        _, arguments = _flags_and_table(method, at, "queue.bind")
        self._refuse_unless_own(queue, "queue.bind")
        named = REPLY_QUEUE.fullmatch(queue)
        if exchange != names.RPC_EXCHANGE or named is None or key != named[1] or arguments:
            raise _not_allowed(
                f"a reply queue may be bound to '{names.RPC_EXCHANGE}' by the UUID of its own name alone")

    def _delete_queue(self, channel: int, method: bytes) -> None:
        (_, queue), _ = _read("Bs", method, "queue.delete")
        self._refuse_unless_own(queue, "queue.delete")
        self._queues.discard(queue)

    def _refuse_unless_own(self, queue: str, method: str) -> None:
        if queue not in self._queues:
            raise Refusal("queue-not-own", NOT_ALLOWED, f"{method} of a queue that this connection has not declared is "
                          f"not allowed; its own reply queue is, and {names.DIRECT_REPLY_TO}")

    def _refuse_unless_readable(self, queue: str, method: str) -> None:
        """An app also reads the queue of its events, which the platform has declared."""
        if self.user is None or queue != names.app_queue(self.user.decode("utf-8", "replace")):
            self._refuse_unless_own(queue, method)

    # messages

    def _publish(self, channel: int, method: bytes) -> None:
        if not method.startswith(CALL):  # unless its ticket is another
            (_, exchange, _), _ = _read("Bss", method, "basic.publish")
            if exchange != names.RPC_EXCHANGE:
                raise _not_allowed(f"basic.publish to another exchange is not allowed to an app; "
                                   f"'{names.RPC_EXCHANGE}' is")

    def _consume(self, channel: int, method: bytes) -> None:
        (_, queue, tag), _ = _read("Bss", method, "basic.consume")
        if queue != names.DIRECT_REPLY_TO:
            self._refuse_unless_readable(queue, "basic.consume")
        tags = self._consumers.setdefault(channel, [])
        if not tag or tag not in tags:
            tags.append(tag)
        if sum(map(len, self._consumers.values())) > MOST_CONSUMERS:
            raise _too_many("consumers", MOST_CONSUMERS)

    def _cancel(self, channel: int, method: bytes) -> None:
        """A tag that the broker chose is not known here: its consumer counts until its channel is closed."""
        (tag,), _ = _read("s", method, "basic.cancel")
        if tag and tag in self._consumers.get(channel, ()):
            self._consumers[channel].remove(tag)

    def _get(self, channel: int, method: bytes) -> None:
        (_, queue), _ = _read("Bs", method, "basic.get")
        self._refuse_unless_readable(queue, "basic.get")


def _read(form: str, method: bytes, name: str) -> tuple[list[Any], int]:
    """The first arguments, and where the next one begins."""
    try:
        values, end = loads(form, method, 4)
    except Exception:  # whatever py-amqp makes of an app's bytes
        raise _unreadable(name) from None
    return values, end


def _flags_and_table(method: bytes, at: int, name: str) -> tuple[int, dict[str, Any]]:
    """Bits, and the arguments behind them."""
    try:
        return method[at], loads("F", method, at + 1)[0][0]
    except Exception:
        raise _unreadable(name) from None


def _with_flags(method: bytes, at: int, flags: int) -> bytes:
    return method[:at] + bytes((flags,)) + method[at + 1:]


def _name_of(method: bytes) -> str:
    if len(method) < 4:
        return "a method without a number"
    number = int.from_bytes(method[:2]), int.from_bytes(method[2:4])
    return METHOD_NAMES.get(number, "method {}.{}".format(*number))


def _not_allowed(text: str) -> Refusal:
    return Refusal("method-not-allowed", NOT_ALLOWED, text)


def _too_many(what: str, most: int) -> Refusal:
    return Refusal("too-many-of-connection", RESOURCE_ERROR, f"the connection has too many {what}; at most {most} are "
                   "allowed")


def _unreadable(name: str) -> Refusal:
    return Refusal("malformed-frame", SYNTAX_ERROR, f"the arguments of {name} cannot be read")
