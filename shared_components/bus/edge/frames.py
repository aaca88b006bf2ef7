"""Follows one direction of an AMQP connection frame by frame, without keeping what is in them."""
from __future__ import annotations

import struct
from dataclasses import dataclass

from shared_components.bus.frames import BODY, END, FRAME_HEAD, FRAME_MAX, FRAME_OVERHEAD, HEADER, METHOD

PROTOCOL_HEADER = b"AMQP\x00\x00\x09\x01"
# Frames of several channels may take turns: of so many of the largest messages a part may have come.
MOST_OPEN = 8
# What RabbitMQ keeps of each piece of a body beside the piece (measured: 180 to 280), until the message is whole.
PIECE_BYTES = 256
# A frame takes as long to look at, here and at the broker, when there is nothing in it.
LEAST_COUNTED = 64
# The reply codes of AMQP 0-9-1; what a message of too many bytes gets is what RabbitMQ itself says.
CONNECTION_FORCED, PRECONDITION_FAILED, FRAME_ERROR, UNEXPECTED_FRAME = 320, 406, 501, 505
_HEAD_AT = struct.Struct(">BHI").unpack_from
_SIZE_AT = struct.Struct(">Q").unpack_from
# Of a content header: class and weight, then the body's size.
_BEFORE_SIZE, _WITH_SIZE = 4, 12


@dataclass
class Refusal(Exception):
    """reason: one of a few words, for metrics. code: of AMQP. text: subject, what is, what is allowed.

    before: what came with it, ahead of the frame that is refused.
    """

    reason: str
    code: int
    text: str
    before: bytes = b""


class FrameFollower:
    """Where frames begin. `feed` gives what may go on: all but a frame's head that has not come whole.

    ahead: how many bytes more end the frame that was given last; 0 between two frames.
    """

    def __init__(self) -> None:
        self.ahead = 0
        self._begun = b""

    def feed(self, data: bytes) -> bytes:
        """Raises Refusal, of a `FrameGuard`."""
        if self._begun:
            data, self._begun = self._begun + data, b""
        at, end = self.ahead, len(data)
        while at < end:
            try:
                size = self._size_at(data, at, end)
            except Refusal as refusal:
                refusal.before = data[:at]
                raise
            if size is None:
                self.ahead, self._begun = 0, data[at:]
                return data[:at]
            at += size + FRAME_OVERHEAD
        self.ahead = at - end
        return data

    def _size_at(self, data: bytes, at: int, end: int) -> int | None:
        """The content's bytes of the frame that begins there; None while too little of it has come to tell."""
        if end - at < FRAME_HEAD:
            return None
        size: int = _HEAD_AT(data, at)[2]
        return size


class FrameGuard(FrameFollower):
    """Of what an app sends. A message's size is in its second frame, before its body: that is where it is refused.

    RabbitMQ (to 4.2.5) gathers the body first, and goes on gathering when more comes than the header has said.

    counted: the bytes of all frames that have begun; those of a small one are LEAST_COUNTED.
    """

    def __init__(self, most_message_bytes: int) -> None:
        super().__init__()
        self.counted = 0
        self._most = most_message_bytes
        self._most_open = MOST_OPEN * (most_message_bytes + FRAME_MAX)
        # channel → of its message: what of the body is still to come, and what the broker may have to keep for it
        self._open: dict[int, tuple[int, int]] = {}
        self._open_bytes = 0

    def _size_at(self, data: bytes, at: int, end: int) -> int | None:
        if end - at < FRAME_HEAD:
            return None
        kind, channel, size = _HEAD_AT(data, at)
        if size > FRAME_MAX - FRAME_OVERHEAD:
            allowed = f"at most {FRAME_MAX - FRAME_OVERHEAD} are allowed"
            raise Refusal("frame-too-large", FRAME_ERROR, f"a frame has {size} bytes; {allowed}")
        if kind == HEADER:
            if size < _WITH_SIZE:
                raise Refusal("malformed-frame", FRAME_ERROR,
                              f"a content header has {size} bytes; at least {_WITH_SIZE} are allowed")
            if end - at < FRAME_HEAD + _WITH_SIZE:
                return None
            self._begin_message(channel, _SIZE_AT(data, at + FRAME_HEAD + _BEFORE_SIZE)[0], size)
        elif kind == BODY:
            self._go_on(channel, size)
        elif kind == METHOD:
            self._end_message(channel)  # Of a message that was not whole the broker makes an error.
        self.counted += max(size + FRAME_OVERHEAD, LEAST_COUNTED)
        return int(size)

    def _begin_message(self, channel: int, size: int, header_size: int) -> None:
        if size > self._most:
            raise Refusal("message-too-large", PRECONDITION_FAILED,
                          f"a message has {size} bytes; at most {self._most} are allowed")
        self._end_message(channel)
        if size:
            self._keep(channel, size, size + header_size)

    def _go_on(self, channel: int, size: int) -> None:
        left, kept = self._open.get(channel, (0, 0))
        if size > left:
            raise Refusal("body-too-long", UNEXPECTED_FRAME,
                          f"a body's frame has {size} bytes, and its message's header leaves {left}")
        self._end_message(channel)
        if size < left:
            self._keep(channel, left - size, kept + PIECE_BYTES)

    def _keep(self, channel: int, left: int, kept: int) -> None:
        self._open[channel] = left, kept
        self._open_bytes += kept
        if self._open_bytes > self._most_open:
            allowed = f"at most {self._most_open} are allowed"
            raise Refusal("too-much-begun", PRECONDITION_FAILED,
                          f"messages that are begun take {self._open_bytes} bytes; {allowed}")

    def _end_message(self, channel: int) -> None:
        if channel in self._open:
            self._open_bytes -= self._open.pop(channel)[1]


def connection_close(code: int, text: str) -> bytes:
    """The frame that ends a connection, with its reason. text: at most 255 bytes of UTF-8 are sent."""
    said = text.encode()[:255]
    payload = struct.pack(">HHHB", 10, 50, code, len(said)) + said + struct.pack(">HH", 0, 0)
    return struct.pack(">BHI", METHOD, 0, len(payload)) + payload + END


# What a client answers to it, the last that it sends.
CLOSE_OK = struct.pack(">BHIHH", METHOD, 0, 4, 10, 51) + END
