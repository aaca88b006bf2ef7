"""Messages as the broker keeps them, detached from their sender's objects, and the headers of dead letters."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from amqp import Message
from amqp.exceptions import FrameSyntaxError, PreconditionFailed

HEADERS = "application_headers"
REJECTED = "rejected"
EXPIRED = "expired"
TOO_LONG = "maxlen"
MAX_COUNT = 2**62
_PROPERTIES = tuple(name for name, _ in Message.PROPERTIES)
_SCALARS = (str, bool, int, float, bytes, type(None), Decimal, datetime)


@dataclass(slots=True)
class StoredMessage:
    """One copy of a message in one queue.

    properties: never changed once stored; every delivery gets its own copy.
    expires_at: monotonic seconds, None for never.
    returned: how often it was put back; counted by quorum queues alone.
    position: order of arrival in its queue, kept when it is put back.
    """

    body: bytes
    properties: Mapping[str, Any]
    exchange: str
    routing_key: str
    expires_at: float | None = None
    redelivered: bool = False
    returned: int = 0
    position: int = 0

    @property
    def headers(self) -> Mapping[str, Any]:
        return self.properties.get(HEADERS) or {}

    def for_queue(self, position: int, expires_at: float | None) -> StoredMessage:
        return replace(self, position=position, expires_at=expires_at, redelivered=False, returned=0)

    def to_amqp(self) -> Message:
        """Build the client's own message; the body is text when the message names a text encoding, as in py-amqp."""
        message = Message(self.body)
        message.properties = _copy_properties(self.properties)
        if self.returned:
            message.properties[HEADERS] = {**message.properties.get(HEADERS, {}), "x-delivery-count": self.returned}
        encoding = self.properties.get("content_encoding")
        if encoding:
            with suppress(LookupError, UnicodeDecodeError):
                message.body = self.body.decode(encoding)
        return message


def store(message: Any, exchange: str, routing_key: str) -> StoredMessage:
    """Copy a message that a client publishes.

    Raises FrameSyntaxError for a header that AMQP has no type for, as py-amqp does.
    """
    body = message.body
    if isinstance(body, str):
        body = body.encode(message.properties.setdefault("content_encoding", "utf-8"))
    return StoredMessage(bytes(body), _copy_properties(message.properties), exchange, routing_key)


def time_to_live_s(properties: Mapping[str, Any]) -> float | None:
    """Return the seconds of the `expiration` property (milliseconds in a string), or None without it."""
    expiration = properties.get("expiration")
    if expiration is None:
        return None
    try:
        milliseconds = int(expiration)
    except (TypeError, ValueError):
        milliseconds = -1
    if not 0 <= milliseconds < 2**32:
        raise PreconditionFailed(
            f"PRECONDITION_FAILED - invalid expiration '{expiration}'; milliseconds from 0, below 2^32, are allowed",
            (60, 40), reply_code=406,
        )
    return milliseconds / 1000


def _copy_properties(properties: Mapping[str, Any]) -> dict[str, Any]:
    copied = {name: properties[name] for name in _PROPERTIES if properties.get(name) is not None}
    if HEADERS in copied:
        copied[HEADERS] = copy_field(copied[HEADERS])
    return copied


def copy_field(value: Any) -> Any:
    """Copy a header's value deeply, with tuples as lists, as an AMQP table would return it."""
    if isinstance(value, _SCALARS):
        return value
    if isinstance(value, Mapping):
        return {str(key): copy_field(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [copy_field(item) for item in value]
    raise FrameSyntaxError(f"Table type {type(value)} not handled by amqp. [value: {type(value).__name__}]")


def dead_letter(message: StoredMessage, *, queue: str, reason: str, exchange: str, routing_key: str) -> StoredMessage:
    """Build the message for the dead-letter exchange: without its expiration, with `x-death`."""
    properties = dict(message.properties)
    expiration = properties.pop("expiration", None)
    headers = copy_field(message.headers)
    headers["x-death"] = _deaths(message, _deaths_of(headers), queue, reason, expiration)
    headers.setdefault("x-first-death-exchange", message.exchange)
    headers.setdefault("x-first-death-queue", queue)
    headers.setdefault("x-first-death-reason", reason)
    properties[HEADERS] = headers
    return StoredMessage(message.body, properties, exchange, routing_key)


def _deaths(
    message: StoredMessage, deaths: Sequence[Any], queue: str, reason: str, expiration: str | None
) -> list[dict[str, Any]]:
    """Return the deaths, newest first: one entry with a count for each queue and reason."""
    newest: dict[str, Any] = {
        "count": 1,
        "exchange": message.exchange,
        "queue": queue,
        "reason": reason,
        "routing-keys": [message.routing_key],
        "time": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
    }
    if expiration is not None:
        newest["original-expiration"] = expiration
    others = []
    for death in deaths:
        if death.get("queue") == queue and death.get("reason") == reason:
            count = death.get("count")
            newest = {**death, "count": count + 1 if isinstance(count, int) and 0 <= count < MAX_COUNT else MAX_COUNT}
        else:
            others.append(death)
    return [newest, *others]


def _deaths_of(headers: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    # A sender can put anything into this header.
    deaths = headers.get("x-death")
    return [death for death in deaths if isinstance(death, Mapping)] if isinstance(deaths, list) else []


def is_endless(message: StoredMessage, queue: str) -> bool:
    """Tell whether the message returned to this queue without any rejection: RabbitMQ drops such a cycle."""
    reasons = []
    for death in _deaths_of(message.headers):
        reasons.append(death.get("reason"))
        if death.get("queue") == queue:
            return REJECTED not in reasons
    return False
