"""A message as the broker keeps it: what crossed the wire, detached from its sender's objects."""
from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from amqp import Message
from amqp.exceptions import FrameSyntaxError, PreconditionFailed

HEADERS = "application_headers"
_PROPERTIES = tuple(name for name, _ in Message.PROPERTIES)
_SCALARS = (str, bool, int, float, bytes, type(None), Decimal, datetime)


@dataclass(slots=True)
class StoredMessage:
    """One copy in one queue.

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
        """What a client gets: its own properties, the body as text if it names a text encoding, as py-amqp gives it."""
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
    """Take over a message that a client publishes.

    Raises FrameSyntaxError for a header that AMQP has no type for, as py-amqp does.
    """
    body = message.body
    if isinstance(body, str):
        body = body.encode(message.properties.setdefault("content_encoding", "utf-8"))
    return StoredMessage(bytes(body), _copy_properties(message.properties), exchange, routing_key)


def time_to_live_s(properties: Mapping[str, Any]) -> float | None:
    """Seconds from the `expiration` property (milliseconds in a string); None when there is none."""
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
    """A deep copy of a header's value, tuples as lists: what comes out of an AMQP table."""
    if isinstance(value, _SCALARS):
        return value
    if isinstance(value, Mapping):
        return {str(key): copy_field(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [copy_field(item) for item in value]
    raise FrameSyntaxError(f"Table type {type(value)} not handled by amqp. [value: {type(value).__name__}]")
