"""Follows one direction of an AMQP connection frame by frame, without keeping the bodies of messages."""
from __future__ import annotations

import struct

from shared_components.amqp_proxy.methods import CALL, HARMLESS, AppMethods
from shared_components.amqp_proxy.properties import BASIC_CLASS, CHECKED_FLAGS, PROPERTIES_AT, USER_ID, with_user_id
from shared_components.amqp_proxy.refusal import (
    FRAME_ERROR,
    NOT_ALLOWED,
    PRECONDITION_FAILED,
    UNEXPECTED_FRAME,
    Refusal,
)
from shared_components.bus.amqp.frames import BODY, END, FRAME_HEAD, FRAME_MAX, FRAME_OVERHEAD, HEADER, METHOD

PROTOCOL_HEADER = b"AMQP\x00\x00\x09\x01"
# Frames of several channels may take turns: of so many of the largest messages a part may have come.
MOST_OPEN = 8
# What RabbitMQ keeps of each piece of a body beside the piece (measured: 180 to 280), until the message is whole.
PIECE_BYTES = 256
# A frame takes as long to look at, here and at the broker, when there is nothing in it.
LEAST_COUNTED = 64
# The largest frame of a method; a login with all that a client tells of itself has about 500 bytes.
MOST_METHOD = 16 * 1024
HEARTBEAT = 8
_HEAD, _HEAD_AT = struct.Struct(">BHI").pack, struct.Struct(">BHI").unpack_from
# Of a content header: class, weight, the body's size, property flags.
_HEADER_AT = struct.Struct(">HHQH").unpack_from
_END = END[0]


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
    """Checks the frames that an app sends. A message's size is in its second frame, and is refused there.

    RabbitMQ (to 4.2.5) gathers the body first, and goes on gathering when more comes than the header has said.
    Methods and content headers go on when they have come whole: as they are, changed, or not at all.

    counted: the bytes of all frames that have begun; those of a small one are LEAST_COUNTED.
    """

    def __init__(self, most_message_bytes: int, methods: AppMethods) -> None:
        super().__init__()
        self.counted = 0
        self._methods = methods
        self._most = most_message_bytes
        self._most_open = MOST_OPEN * (most_message_bytes + FRAME_MAX)
        # channel → of its message: what of the body is still to come, and what the broker may have to keep for it
        self._open: dict[int, tuple[int, int]] = {}
        self._open_bytes = 0
        # What goes on in the place of what has come: from where to where, and what.
        self._changes: list[tuple[int, int, bytes]] = []

    def feed(self, data: bytes) -> bytes:
        try:
            passed = super().feed(data)
        except Refusal as refusal:
            refusal.before = self._changed(refusal.before)
            raise
        return self._changed(passed)

    def _changed(self, data: bytes) -> bytes:
        if not self._changes:
            return data
        parts, at = [], 0
        for begin, end, changed in self._changes:
            parts += [data[at:begin], changed]
            at = end
        self._changes = []
        return b"".join((*parts, data[at:]))

    def _size_at(self, data: bytes, at: int, end: int) -> int | None:
        if end - at < FRAME_HEAD:
            return None
        kind, channel, size = _HEAD_AT(data, at)
        if size > FRAME_MAX - FRAME_OVERHEAD:
            allowed = f"at most {FRAME_MAX - FRAME_OVERHEAD} are allowed"
            raise Refusal("frame-too-large", FRAME_ERROR, f"a frame has {size} bytes; {allowed}")
        if kind == BODY:
            self._go_on(channel, size)
        elif kind == METHOD:
            if not self._method(channel, data, at, end, size):
                return None
        elif kind == HEADER:
            if not self._header(channel, data, at, end, size):
                return None
        elif kind != HEARTBEAT:
            raise Refusal("malformed-frame", FRAME_ERROR, f"a frame is of kind {kind}; 1, 2, 3 and 8 are allowed")
        self.counted += max(size + FRAME_OVERHEAD, LEAST_COUNTED)
        return int(size)

    def _method(self, channel: int, data: bytes, at: int, end: int, size: int) -> bool:
        """Tell whether the frame is complete. Frequent frames are recognised by their first bytes."""
        if size > MOST_METHOD:
            raise Refusal("frame-too-large", FRAME_ERROR,
                          f"a method has {size} bytes; at most {MOST_METHOD} are allowed")
        begin = at + FRAME_HEAD
        last = begin + size
        if last >= end:
            return False
        if data[last] != _END:
            raise _ends_wrongly(data[last])
        if self._open:
            self._end_message(channel)  # Of a message that was not whole the broker makes an error.
        if self._methods.user is not None and (data.startswith(CALL, begin) or data[begin:begin + 4] in HARMLESS):
            return True
        self._change(METHOD, channel, begin, last, self._methods.check(channel, data[begin:last]))
        return True

    def _header(self, channel: int, data: bytes, at: int, end: int, size: int) -> bool:
        """Tell whether the frame is complete. The message's size is checked before."""
        if size < PROPERTIES_AT:
            raise Refusal("malformed-frame", FRAME_ERROR,
                          f"a content header has {size} bytes; at least {PROPERTIES_AT} are allowed")
        begin = at + FRAME_HEAD
        if end - begin < PROPERTIES_AT:
            return False
        content_class, _, body_size, flags = _HEADER_AT(data, begin)
        if body_size > self._most:
            raise Refusal("message-too-large", PRECONDITION_FAILED,
                          f"a message has {body_size} bytes; at most {self._most} are allowed")
        last = begin + size
        if last >= end:
            return False
        if data[last] != _END:
            raise _ends_wrongly(data[last])
        self._begin_message(channel, body_size, size)
        if content_class != BASIC_CLASS or flags & CHECKED_FLAGS != USER_ID or self._methods.user is None:
            self._change(HEADER, channel, begin, last, self._stated(data[begin:last]))
        return True

    def _change(self, kind: int, channel: int, begin: int, last: int, changed: bytes | None) -> None:
        if changed is not None:
            self._changes.append((begin - FRAME_HEAD, last, _HEAD(kind, channel, len(changed)) + changed))

    def _stated(self, header: bytes) -> bytes | None:
        """The content header with its sender; None when it says whom it is from."""
        user = self._methods.user
        if user is None:
            raise Refusal("no-login", NOT_ALLOWED, "a message comes before the login; connection.start-ok is allowed")
        changed = with_user_id(header, user)
        most = self._methods.frame_max - FRAME_OVERHEAD
        if changed is not None and len(changed) > most:
            raise Refusal("frame-too-large", FRAME_ERROR,
                          f"a content header with its `user_id` has {len(changed)} bytes; at most {most} are allowed")
        return changed

    def _begin_message(self, channel: int, size: int, header_size: int) -> None:
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


def _ends_wrongly(octet: int) -> Refusal:
    return Refusal("malformed-frame", FRAME_ERROR, f"a frame ends with {octet:#04x}; 0xce is allowed")


def connection_close(code: int, text: str) -> bytes:
    """The frame that ends a connection, with its reason. text: at most 255 bytes of UTF-8 are sent."""
    said = text.encode()[:255]
    payload = struct.pack(">HHHB", 10, 50, code, len(said)) + said + struct.pack(">HH", 0, 0)
    return struct.pack(">BHI", METHOD, 0, len(payload)) + payload + END


# What a client answers to it, the last that it sends.
CLOSE_OK = struct.pack(">BHIHH", METHOD, 0, 4, 10, 51) + END
