"""A message whose frames cannot be decoded is a bad message, and not the end of its connection.

py-amqp decodes properties and routing keys in its reading loop. Headers nested deeper than the stack, a time beyond the
year 9999, or text that is no UTF-8 raise there: the connection would be given up, the broker would deliver the same
message again, and one sender could keep a service from ever reading. Here such a message goes on, marked as unreadable.
"""
from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from amqp import abstract_channel, serialization

from shared_components.bus.errors import MalformedMessage
from shared_components.kernel.bilingual import Bilingual

BASIC_CLASS = 60
DELIVER_ARGUMENTS = "sLbss"
UNREADABLE = "x-unreadable"

Decoded = tuple[Any, int]


def install() -> None:
    """Install the guard for every connection of this process; safe to repeat."""
    decode = serialization.PROPERTY_CLASSES[BASIC_CLASS]
    if getattr(decode, "guarded", False):
        return
    serialization.PROPERTY_CLASSES[BASIC_CLASS] = _guarded_properties(decode)
    abstract_channel.loads = _guarded_arguments(abstract_channel.loads)


def refuse_unreadable(message: Any) -> None:
    if UNREADABLE in message.properties:
        raise MalformedMessage(Bilingual(
            "the message's properties cannot be decoded",
            "消息属性无法解码"))


def _guarded_properties(decode: Callable[[bytes, int], Decoded]) -> Callable[[bytes, int], Decoded]:
    def decode_or_mark(buffer: bytes, offset: int) -> Decoded:
        try:
            return decode(buffer, offset)
        except Exception:  # whatever it is: the frame's end is known, and its content is the sender's
            return {UNREADABLE: True}, len(buffer)

    decode_or_mark.guarded = True  # type: ignore[attr-defined]
    return decode_or_mark


def _guarded_arguments(loads: Callable[[str, bytes, int], Decoded]) -> Callable[[str, bytes, int], Decoded]:
    def load(format: str, buffer: bytes, offset: int) -> Decoded:
        try:
            return loads(format, buffer, offset)
        except UnicodeDecodeError:
            if format != DELIVER_ARGUMENTS:
                raise
            return _deliver_arguments(buffer, offset)

    return load


def _deliver_arguments(buffer: bytes, offset: int) -> Decoded:
    """Consumer tag, delivery tag, redelivered, exchange, routing key."""
    consumer_tag, offset = _short_text(buffer, offset)
    delivery_tag, redelivered = struct.unpack_from(">QB", buffer, offset)
    exchange, offset = _short_text(buffer, offset + 9)
    routing_key, offset = _short_text(buffer, offset)
    return [consumer_tag, delivery_tag, bool(redelivered & 1), exchange, routing_key], offset


def _short_text(buffer: bytes, offset: int) -> tuple[str, int]:
    end = offset + 1 + buffer[offset]
    return bytes(buffer[offset + 1:end]).decode("utf-8", "backslashreplace"), end
