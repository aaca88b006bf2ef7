"""The AMQP proxy states who is logged in, in messages that do not: whatever they hold, and however they are cut."""
from __future__ import annotations

import itertools
import string
import struct
from typing import Any

import pytest
from amqp.basic_message import Message
from hypothesis import given
from hypothesis import strategies as st

from shared_components.amqp_proxy.frames import FrameGuard
from shared_components.amqp_proxy.methods import AppMethods
from shared_components.amqp_proxy.properties import with_user_id
from shared_components.amqp_proxy.refusal import Refusal
from shared_components.bus.amqp import frames as written

USER, LIMIT = "app-demo", 100_000
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
TABLE = st.dictionaries(st.text(string.ascii_letters, min_size=1, max_size=8), st.one_of(
    st.integers(-2**31, 2**31), st.booleans(), TEXT, st.lists(st.integers(0, 9), max_size=3)), max_size=4)  # fmt: skip
PROPERTIES = st.fixed_dictionaries({}, optional={
    "content_type": TEXT, "content_encoding": TEXT, "application_headers": TABLE, "delivery_mode": st.integers(1, 2),
    "priority": st.integers(0, 255), "correlation_id": TEXT, "reply_to": TEXT, "expiration": TEXT, "message_id": TEXT,
    "timestamp": st.integers(0, 2**32),
    "type": TEXT, "app_id": TEXT, "cluster_id": TEXT,
})  # fmt: skip


def header_of(properties: dict[str, Any], size: int = 0) -> bytes:
    return struct.pack(">HHQ", 60, 0, size) + bytes(Message("", **properties)._serialize_properties())


def properties_in(header: bytes) -> dict[str, Any]:
    message = Message()
    message._load_properties(60, header, 12)
    assert isinstance(message.properties, dict)
    return message.properties


def frame(kind: int, content: bytes) -> bytes:
    return struct.pack(">BHI", kind, 1, len(content)) + content + written.END


def message(properties: dict[str, Any], body: bytes) -> bytes:
    call = struct.pack(">HHH", 60, 40, 0) + b"\x0anameko-rpc" + b"\x04k.mm" + b"\0"
    parts = frame(written.METHOD, call) + frame(written.HEADER, header_of(properties, len(body)))
    return parts + (frame(written.BODY, body) if body else b"")


def pieces(stream: bytes, cuts: list[int]) -> list[bytes]:
    at = [0, *sorted({cut for cut in cuts if cut < len(stream)}), len(stream)]
    return [stream[begin:end] for begin, end in itertools.pairwise(at)]


@given(PROPERTIES)
def test_a_message_without_a_user_gets_the_one_who_is_logged_in_and_keeps_all_else(properties: dict[str, Any]) -> None:
    header = header_of(properties, 7)
    stated = with_user_id(header, USER.encode())
    assert stated is not None
    assert stated[:12] == header[:12]
    assert properties_in(stated) == {**properties_in(header), "user_id": USER}
    assert with_user_id(stated, USER.encode()) is None


@given(PROPERTIES, TEXT)
def test_a_user_that_is_stated_stays_for_the_broker_to_refuse(properties: dict[str, Any], user: str) -> None:
    assert with_user_id(header_of({**properties, "user_id": user}), USER.encode()) is None


CUTS = st.lists(st.integers(0, 3000), max_size=30)


@given(st.lists(st.tuples(PROPERTIES, st.binary(max_size=300)), max_size=4), CUTS)
def test_however_the_stream_is_cut_each_message_arrives_with_its_user(
    messages: list[tuple[dict[str, Any], bytes]], cuts: list[int],
) -> None:  # fmt: skip
    guard = FrameGuard(LIMIT, AppMethods(USER.encode()))
    stream = b"".join(message(properties, body) for properties, body in messages)
    passed = b"".join(guard.feed(piece) for piece in pieces(stream, cuts))
    assert passed == b"".join(message({**properties, "user_id": USER}, body) for properties, body in messages)
    assert not guard.ahead


@given(st.binary(max_size=200), st.integers(0, 2**16 - 1), st.lists(st.integers(0, 300), max_size=5))
def test_a_header_of_any_bytes_is_refused_or_states_a_user(content: bytes, flags: int, cuts: list[int]) -> None:
    header = struct.pack(">HHQH", 60, 0, 0, flags) + content
    guard = FrameGuard(LIMIT, AppMethods(USER.encode()))
    try:
        passed = b"".join(guard.feed(piece) for piece in pieces(frame(written.HEADER, header), cuts))
    except Refusal:
        return
    assert struct.unpack_from(">H", passed, written.FRAME_HEAD + 12)[0] & 1 << 4


@pytest.mark.parametrize("flags", [0b1, 0b10], ids=["more flags", "a reserved one"])
def test_flags_that_class_basic_does_not_have_are_refused(flags: int) -> None:
    with pytest.raises(Refusal, match="property flags"):
        with_user_id(struct.pack(">HHQH", 60, 0, 0, flags), USER.encode())


def test_a_header_that_grows_over_the_agreed_frame_is_refused() -> None:
    methods = AppMethods(USER.encode())
    methods.check(0, struct.pack(">HHHIH", 10, 31, 0, 4096, 60))
    guard = FrameGuard(LIMIT, methods)
    fits = 4096 - written.FRAME_OVERHEAD - 1 - len(USER)
    header = struct.pack(">HHQH", 60, 0, 0, 1 << 13)
    largest = header + struct.pack(">I", fits - len(header) - 4) + b"\0" * (fits - len(header) - 4)
    assert len(guard.feed(frame(written.HEADER, largest))) == 4096
    with pytest.raises(Refusal, match="has 4089 bytes; at most 4088 are allowed"):
        guard.feed(frame(written.HEADER, largest + b"\0"))


def test_nothing_is_said_before_the_login() -> None:
    for begin in (message({}, b""), frame(written.HEADER, header_of({})), frame(written.METHOD, b"\0\x14\0\x0a\0")):
        with pytest.raises(Refusal, match="before the login"):
            FrameGuard(LIMIT, AppMethods()).feed(begin)
