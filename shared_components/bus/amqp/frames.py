"""AMQP 0-9-1 frames: of what the bus sends all the time (publishing a message, acknowledging one), and as they come in.

py-amqp takes five times as long for them, because it can say everything and asks at each message what of it is meant.
What is not said here (other methods, headers) still goes through py-amqp, and it says what frames that came in mean.
"""
from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from functools import lru_cache

from amqp.exceptions import FrameSyntaxError, UnexpectedFrame

METHOD, HEADER, BODY, END = 1, 2, 3, b"\xce"
FRAME_OVERHEAD, FRAME_HEAD = 8, 7
READ_AHEAD_BYTES = 16 * 1024
# py-amqp's own limit before anything is agreed.
FRAME_MAX = 131_072
_PUBLISH, _ACK = struct.pack(">HHH", 60, 40, 0), struct.pack(">HH", 60, 80)
_FRAME, _HEAD_AT = struct.Struct(">BHI").pack, struct.Struct(">BHI").unpack_from
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


class FrameReader:
    """Takes a stream apart into frames. Whatever ends the wait for a frame, nothing of it is lost."""

    def __init__(self, receive: Callable[[int], bytes], begun: bytes = b"", *, frame_max: int = FRAME_MAX) -> None:
        """receive: as `socket.recv`, given the most bytes to give. begun: what was read before.

        frame_max: bytes of the largest frame, as agreed with the broker.
        """
        self._receive = receive
        self._largest = frame_max - FRAME_OVERHEAD
        self._buffer = begun
        self._at = 0

    def read(self) -> tuple[int, int, bytes]:
        """The next frame's type, channel and content.

        Raises OSError at the stream's end, UnexpectedFrame for bytes that are no AMQP frame.
        """
        while len(self._buffer) - self._at < FRAME_HEAD:
            self._receive_more(FRAME_HEAD)
        kind, channel, size = _HEAD_AT(self._buffer, self._at)
        if size > self._largest:
            # Not waited for: what is no frame may claim gigabytes.
            raise UnexpectedFrame(f"a frame has {size} bytes; at most {self._largest} are allowed")
        while len(self._buffer) - self._at < size + FRAME_OVERHEAD:
            self._receive_more(size + FRAME_OVERHEAD)
        begin, end = self._at + FRAME_HEAD, self._at + FRAME_HEAD + size
        if self._buffer[end] != END[0]:
            raise UnexpectedFrame(f"a frame ends with {self._buffer[end]:#04x}; {END[0]:#04x} is allowed")
        self._at = end + 1
        return kind, channel, self._buffer[begin:end]

    def _receive_more(self, wanted: int) -> None:
        begun = self._buffer[self._at:]
        self._buffer, self._at = begun, 0
        received = self._receive(max(wanted - len(begun), READ_AHEAD_BYTES))
        if not received:
            raise OSError("the broker closed the connection")
        self._buffer = begun + received
