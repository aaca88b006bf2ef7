"""States `user_id` in the content header of a message that has none, for the broker to verify."""
from __future__ import annotations

import struct

from shared_components.amqp_proxy.refusal import SYNTAX_ERROR, Refusal

# A content header: class, weight, size of the body, property flags; then the properties, in the order of their bits.
BASIC_CLASS = 60
FLAGS_AT, PROPERTIES_AT = 12, 14
USER_ID = 1 << 4
# Bits 0 and 1: more words of flags would follow, which class basic does not have.
_NO_PROPERTY = 0b11
_AFTER_USER_ID = 0b1100
CHECKED_FLAGS = USER_ID | _NO_PROPERTY
_FLAGS = struct.Struct(">H")
_CLASS_AT = struct.Struct(">H").unpack_from
_TABLE_SIZE = struct.Struct(">I")
# Each property before user_id: its bit, and how its size is told.
_TABLE, _TEXT = "table", "text"
_BEFORE_USER_ID: tuple[tuple[int, str | int], ...] = (
    (15, _TEXT), (14, _TEXT), (13, _TABLE), (12, 1), (11, 1), (10, _TEXT), (9, _TEXT), (8, _TEXT), (7, _TEXT), (6, 8),
    (5, _TEXT),
)  # fmt: skip


def with_user_id(header: bytes, user: bytes) -> bytes | None:
    """The content header with the user stated; None when it states one, true or not: the broker refuses another's.

    Raises Refusal for what is no content header of class basic.
    """
    if len(header) < PROPERTIES_AT or _CLASS_AT(header)[0] != BASIC_CLASS:
        raise _malformed(f"a content header of class basic has at least {PROPERTIES_AT} bytes")
    flags: int = _FLAGS.unpack_from(header, FLAGS_AT)[0]
    if flags & _NO_PROPERTY:
        raise _malformed("a content header has property flags that AMQP 0-9-1 does not define")
    if flags & USER_ID:
        return None
    # Nothing that comes before need be read when user_id is the last. Where it is read wrongly, there is no user_id
    # that the broker accepts either: it compares with who is logged in.
    at = _end_of_what_comes_before(header, flags) if flags & _AFTER_USER_ID else len(header)
    stated = bytes((len(user),)) + user
    return b"".join((
        header[:FLAGS_AT], _FLAGS.pack(flags | USER_ID), header[PROPERTIES_AT:at], stated, header[at:]))


def _end_of_what_comes_before(header: bytes, flags: int) -> int:
    at = PROPERTIES_AT
    try:
        for bit, size in _BEFORE_USER_ID:
            if not flags & 1 << bit:
                continue
            if size is _TEXT:
                at += 1 + header[at]
            elif size is _TABLE:
                at += _TABLE_SIZE.size + _TABLE_SIZE.unpack_from(header, at)[0]
            else:
                at += int(size)
    except (IndexError, struct.error):
        at = len(header) + 1
    if at > len(header):
        raise _malformed("a content header ends before its properties do")
    return at


def _malformed(text: str) -> Refusal:
    return Refusal("malformed-frame", SYNTAX_ERROR, text)
