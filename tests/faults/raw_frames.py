"""AMQP messages written frame by frame, for headers that no client library would send."""
from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

METHOD, HEADER, BODY, END = 1, 2, 3, b"\xce"
PUBLISH = (60, 40)
# the bits of the properties that are used here, in the order of their values
FLAGS = {
    "content_type": 1 << 15, "content_encoding": 1 << 14, "application_headers": 1 << 13, "delivery_mode": 1 << 12,
    "correlation_id": 1 << 10, "reply_to": 1 << 9, "message_id": 1 << 7,
}  # fmt: skip


def publish_raw(
    channel: Any, body: bytes, *, exchange: str, routing_key: str, properties: Mapping[str, Any], headers: bytes
) -> None:
    """headers: an encoded table, with its length."""
    method = struct.pack(">HHH", *PUBLISH, 0) + _short(exchange) + _short(routing_key) + b"\0"
    given = {**{name: value for name, value in properties.items() if name in FLAGS}, "application_headers": headers}
    flags = sum(FLAGS[name] for name in given)
    values = b"".join(_value(name, given[name]) for name in FLAGS if name in given)
    header = struct.pack(">HHQH", PUBLISH[0], 0, len(body), flags) + values
    frames = [_frame(METHOD, channel.channel_id, method), _frame(HEADER, channel.channel_id, header)]
    if body:
        frames.append(_frame(BODY, channel.channel_id, body))
    channel.connection.transport.write(b"".join(frames))


def nested_table(depth: int) -> bytes:
    """A table in a table in a table …"""
    content = b""
    for _ in range(depth):
        content = b"\x01a" + b"F" + struct.pack(">I", len(content)) + content
    return struct.pack(">I", len(content)) + content


def _value(name: str, value: Any) -> bytes:
    if name == "application_headers":
        return bytes(value)
    return struct.pack(">B", value) if name == "delivery_mode" else _short(str(value))


def _short(text: str) -> bytes:
    # "\udcff" stands for the byte 0xff: what is no UTF-8 must be sendable
    raw = text.encode("utf-8", "surrogateescape")
    return struct.pack(">B", len(raw)) + raw


def _frame(kind: int, channel: int, payload: bytes) -> bytes:
    return struct.pack(">BHI", kind, channel, len(payload)) + payload + END
