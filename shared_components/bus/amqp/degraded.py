"""Methods that operators have switched off for a while, so that a peak leaves room for what is vital.

The last word lies in a stream of the broker, which every process reads without taking it away. A platform in one
process has it in memory.
"""
from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from typing import Any

import orjson
from amqp import Message
from amqp.exceptions import AccessRefused, NotFound, PreconditionFailed

from shared_components.bus.amqp import names
from shared_components.bus.amqp.connection import BrokerConnection
from shared_components.bus.errors import Degraded
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.callers import OPERATOR
from shared_components.kernel.load_classes import LoadClass

# Of a few hundred bytes a word; the broker drops the oldest segment.
STREAM = {"x-queue-type": "stream", "x-max-length-bytes": 2_000_000, "x-stream-max-segment-size-bytes": 500_000}
READ_WAIT_S, CONFIRM_TIMEOUT_S = 0.5, 5.0
MOST_NAMES, LONGEST_NAME = 200, 100
LONGEST_RETRY_AFTER_S = 3600
# The end of the year 9999: a later moment cannot be written into an error.
LATEST = 253_402_300_799


@dataclass(frozen=True)
class SwitchedOff:
    """names: groups (`reports`), `deferrable`, or methods (`payment.list_orders`). until: epoch seconds."""

    names: frozenset[str] = frozenset()
    until: float = 0.0

    def refusal(self, service: str, method: str, load_class: LoadClass, now: float) -> Degraded | None:
        """The error for a call of a method; None when it is to be served."""
        if now >= self.until or load_class.name == "vital":
            return None
        own = {f"{service}.{method}", *((load_class.group, load_class.name) if load_class.group else ())}
        if self.names.isdisjoint(own):
            return None
        wait_s = min(ceil(self.until - now), LONGEST_RETRY_AFTER_S)
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.until))
        return Degraded(Bilingual(
            f"'{service}.{method}' is switched off until {at}, because many people use the platform now",
            f"当前访问量较大，“{service}.{method}”暂停服务至 {at}"), details={"retry_after_s": wait_s, "until": at})


class _Current:
    switched_off = SwitchedOff()


def current() -> SwitchedOff:
    """Give what is switched off, as far as this process knows."""
    return _Current.switched_off


def apply(switched_off: SwitchedOff) -> None:
    _Current.switched_off = switched_off


def declare(connection: BrokerConnection) -> bool:
    """Tell whether the stream exists, and declare it if the user may. The shipped definitions contain it."""
    channel = connection.channel.connection.channel()
    try:
        channel.queue_declare(names.DEGRADED, passive=True)
    except NotFound:
        try:
            # The broker has closed the channel over the question, and py-amqp has opened it again.
            channel.queue_declare(names.DEGRADED, durable=True, auto_delete=False, arguments=STREAM)
        except (AccessRefused, PreconditionFailed, NotFound):
            return False
    except AccessRefused:
        return False
    finally:
        with suppress(Exception):
            channel.close()
    return True


def read(connection: BrokerConnection, *, verified: bool) -> SwitchedOff | None:
    """Read the operators' last word; None without one.

    verified: the broker verifies users, and only the operator's word counts.
    """
    found: list[Any] = []
    channel = connection.channel.connection.channel()
    try:
        channel.basic_qos(0, 100, False)
        channel.basic_consume(names.DEGRADED, callback=found.append, arguments={"x-stream-offset": "last"})
        with suppress(TimeoutError):
            while True:
                # What comes first is a whole chunk; the word after the last one is waited for in vain.
                channel.connection.drain_events(timeout=0.02 if found else READ_WAIT_S)
    finally:
        channel.close()
    return newest(found, verified=verified)


def newest(messages: Iterable[Any], *, verified: bool) -> SwitchedOff | None:
    last = None
    for message in messages:
        if not verified or message.properties.get("user_id") == OPERATOR:
            last = _read(message.body) or last
    return last


def publish(connection: BrokerConnection, switched_off: SwitchedOff) -> None:
    """Raises NotFound where the broker has no stream, or one of CONNECTION_ERRORS."""
    channel = connection.channel.connection.channel()
    try:
        channel.queue_declare(names.DEGRADED, passive=True)
        body = orjson.dumps({"names": sorted(switched_off.names), "until": switched_off.until})
        properties = {"user_id": connection.user} if connection.user else {}
        channel.basic_publish_confirm(
            Message(body, content_type=names.JSON_CONTENT_TYPE, delivery_mode=2, **properties),
            routing_key=names.DEGRADED, mandatory=True, confirm_timeout=CONFIRM_TIMEOUT_S)
    finally:
        with suppress(Exception):
            channel.close()


def _read(body: bytes | str) -> SwitchedOff | None:
    """Read a word; None for anything else."""
    try:
        told = strict_json.read(body)
        listed, until = told["names"], told["until"]
    except (ValueError, TypeError, KeyError):
        return None
    good = isinstance(listed, list) and len(listed) <= MOST_NAMES \
        and type(until) in (int, float) and 0 <= until <= LATEST \
        and all(isinstance(name, str) and len(name) <= LONGEST_NAME for name in listed)
    return SwitchedOff(frozenset(listed), float(until)) if good else None


