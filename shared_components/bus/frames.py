"""AMQP 0-9-1 frames of what the bus sends all the time: publishing a message, acknowledging one.

py-amqp takes five times as long for them, because it can say everything and asks at each message what of it is meant.
What is not said here (other methods, headers) still goes through py-amqp.
"""
from __future__ import annotations

import struct
from collections.abc import Mapping
from functools import lru_cache

from amqp.exceptions import FrameSyntaxError

METHOD, HEADER, BODY, END = 1, 2, 3, b"\xce"
FRAME_OVERHEAD = 8
_PUBLISH, _ACK = struct.pack(">HHH", 60, 40, 0), struct.pack(">HH", 60, 80)
_FRAME = struct.Struct(">BHI").pack
_CONTENT = struct.Struct(">HHQH").pack
_ACKNOWLEDGED = struct.Struct(">BHI4sQB").pack

# Each property's bit; they are written in this order.
_TEXTS = (("correlation_id", 10), ("reply_to", 9), ("expiration", 8), ("message_id", 7), ("user_id", 4))
_CONTENT_TYPE, _ENCODING, _DELIVERY_MODE = 15, 14, 12
KNOWN = frozenset(name for name, _ in _TEXTS)


def publish(
    channel: int, body: bytes, *, exchange: str, routing_key: str, content_type: str, mandatory: bool, persistent: bool,
    properties: Mapping[str, str | None], frame_max: int,
) -> bytes:
    """Method, header and body frames of one message. properties: names of KNOWN."""
    method = _publish_frame(channel, exchange, routing_key, mandatory)
    header = _header(channel, len(body), content_type, persistent, properties)
    largest = frame_max - FRAME_OVERHEAD
    if len(body) <= largest:
        return b"".join((method, header, _FRAME(BODY, channel, len(body)), body, END)) if body else method + header
    parts = [body[at:at + largest] for at in range(0, len(body), largest)]
    return method + header + b"".join(_FRAME(BODY, channel, len(part)) + part + END for part in parts)


def ack(channel: int, delivery_tag: int) -> bytes:
    return _ACKNOWLEDGED(METHOD, channel, 13, _ACK, delivery_tag, 0) + END


@lru_cache(maxsize=4096)
def _publish_frame(channel: int, exchange: str, routing_key: str, mandatory: bool) -> bytes:
    payload = _PUBLISH + _short(exchange) + _short(routing_key) + (b"\x01" if mandatory else b"\x00")
    return _FRAME(METHOD, channel, len(payload)) + payload + END


def _header(
    channel: int, size: int, content_type: str, persistent: bool, properties: Mapping[str, str | None],
) -> bytes:
    flags = 1 << _CONTENT_TYPE | 1 << _ENCODING | 1 << _DELIVERY_MODE
    values = [_short(content_type), b"\x05utf-8", b"\x02" if persistent else b"\x01"]
    for name, bit in _TEXTS:
        value = properties.get(name)
        if value is not None:
            flags |= 1 << bit
            values.append(_short(value))
    payload = _CONTENT(60, 0, size, flags) + b"".join(values)
    return _FRAME(HEADER, channel, len(payload)) + payload + END


def _short(text: str) -> bytes:
    encoded = text.encode("utf-8", "surrogatepass")
    if len(encoded) > 255:
        raise FrameSyntaxError(f"a short text of AMQP has {len(encoded)} bytes; at most 255 are allowed")
    return bytes((len(encoded),)) + encoded
