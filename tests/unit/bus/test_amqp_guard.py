"""Frames that py-amqp itself cannot decode."""
from __future__ import annotations

import struct
from types import SimpleNamespace
from typing import Any

import pytest
from amqp import abstract_channel, method_framing

import shared_components.bus.amqp.connection  # noqa: F401  sets the guard
from shared_components.bus.amqp.decoding_guard import DELIVER_ARGUMENTS, refuse_unreadable
from shared_components.bus.errors import MalformedMessage

FLAG_HEADERS, FLAG_REPLY_TO = 1 << 13, 1 << 9


def table(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content


def nested(depth: int) -> bytes:
    content = b""
    for _ in range(depth):
        content = b"\x01aF" + table(content)
    return table(content)


def received(flags: int, properties: bytes) -> Any:
    """Give the message that the reading loop gets for a delivery with these encoded properties."""
    got: list[Any] = []
    on_frame = method_framing.frame_handler(SimpleNamespace(bytes_recv=0), lambda *parts: got.append(parts[3]))
    on_frame((1, 1, struct.pack(">HH", 60, 60)))
    on_frame((2, 1, struct.pack(">HHQH", 60, 0, 2, flags) + properties))
    on_frame((3, 1, b"{}"))
    return got[0]


@pytest.mark.parametrize(("flags", "properties"), [
    (FLAG_HEADERS, nested(5000)),
    (FLAG_HEADERS, table(b"\x01xT" + struct.pack(">Q", 2**62))),
    (FLAG_REPLY_TO, b"\x02\xff\xfe"),
    (FLAG_HEADERS, table(b"\x01x?")),
], ids=["nested deeper than the stack", "a time of another age", "no utf 8", "an unknown type"])  # fmt: skip
def test_properties_that_cannot_be_decoded_are_marked_and_reading_goes_on(flags: int, properties: bytes) -> None:
    message = received(flags, properties)
    assert message.body == b"{}"
    with pytest.raises(MalformedMessage):
        refuse_unreadable(message)


def test_good_properties_stay_as_they_are() -> None:
    message = received(FLAG_REPLY_TO, b"\x03abc")
    refuse_unreadable(message)
    assert message.properties == {"reply_to": "abc"}


def test_a_routing_key_that_is_no_utf_8_is_made_readable() -> None:
    arguments = b"\x03rpc" + struct.pack(">QB", 7, 1) + b"\x02ex" + b"\x06till.\xff"
    values, offset = abstract_channel.loads(DELIVER_ARGUMENTS, arguments, 0)
    assert values == ["rpc", 7, True, "ex", "till.\\xff"]
    assert offset == len(arguments)
