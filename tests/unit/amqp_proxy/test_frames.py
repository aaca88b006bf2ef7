"""Frames that pass the AMQP proxy, however they are cut into pieces, and frames that do not."""
from __future__ import annotations

import struct

import pytest
from amqp.serialization import loads
from hypothesis import given
from hypothesis import strategies as st

from shared_components.amqp_proxy.frames import (
    CLOSE_OK,
    LEAST_COUNTED,
    MOST_OPEN,
    FrameFollower,
    FrameGuard,
    connection_close,
)
from shared_components.amqp_proxy.methods import AppMethods
from shared_components.amqp_proxy.refusal import Refusal
from shared_components.bus.amqp import frames as written

LIMIT = 10_000
USER = "app-demo"
STATED = 1 << 4
QOS = struct.pack(">HHIHB", 60, 10, 0, 50, 0)


def message(body: bytes, channel: int = 1, *, frame_max: int = written.FRAME_MAX) -> bytes:
    return written.publish(
        channel, body, exchange="nameko-rpc", routing_key="till.say", content_type="application/json", mandatory=True,
        persistent=False, properties={"correlation_id": "1", "user_id": USER}, frame_max=frame_max)


def guard_of(user: str | None = USER) -> FrameGuard:
    """Make the guard of a connection that has logged in."""
    return FrameGuard(LIMIT, AppMethods(user.encode() if user is not None else None))


def frame(kind: int, content: bytes, channel: int = 1) -> bytes:
    return struct.pack(">BHI", kind, channel, len(content)) + content + written.END


def header(size: int, channel: int = 1) -> bytes:
    return frame(written.HEADER, struct.pack(">HHQH", 60, 0, size, STATED) + b"\x08app-demo", channel)


def ends(stream: bytes, cuts: list[int]) -> list[int]:
    return [*sorted({cut for cut in cuts if cut < len(stream)}), len(stream)]


def feed_in_pieces(follower: FrameFollower, stream: bytes, cuts: list[int]) -> bytes:
    passed, begin = b"", 0
    for end in ends(stream, cuts):
        passed += follower.feed(stream[begin:end])
        begin = end
    return passed


BODIES = st.lists(st.binary(max_size=LIMIT), max_size=4)
CUTS = st.lists(st.integers(0, 4 * LIMIT), max_size=20)


@given(BODIES, CUTS, st.sampled_from([FrameFollower, guard_of]))
def test_good_messages_go_through_unchanged_however_they_are_cut(
    bodies: list[bytes], cuts: list[int], kind: type[FrameFollower],
) -> None:  # fmt: skip
    stream = b"".join(message(body, channel, frame_max=4096) for channel, body in enumerate(bodies, 1))
    follower = kind()
    assert feed_in_pieces(follower, stream, cuts) == stream
    assert not follower.ahead


@given(st.binary(max_size=3 * LIMIT), CUTS)
def test_whatever_comes_is_passed_or_refused_and_nothing_else(stream: bytes, cuts: list[int]) -> None:
    try:
        feed_in_pieces(guard_of(), stream, cuts)
    except Refusal as refusal:
        assert refusal.text


@given(st.lists(st.binary(min_size=1, max_size=100), max_size=5), st.integers(LIMIT + 1, 2**63), CUTS)
def test_a_message_too_large_is_refused_by_its_header_and_what_came_before_it_is_not(
    before: list[bytes], size: int, cuts: list[int],
) -> None:  # fmt: skip
    good, guard, passed, begin = b"".join(map(message, before)), guard_of(), b"", 0
    stream = good + header(size) + frame(written.BODY, b"x" * 100)
    for end in ends(stream, cuts):
        try:
            passed += guard.feed(stream[begin:end])
            begin = end
        except Refusal as refusal:
            assert (refusal.reason, refusal.code) == ("message-too-large", 406)
            assert refusal.text == f"a message has {size} bytes; at most {LIMIT} are allowed"
            assert passed + refusal.before == good
            return
    pytest.fail("it was not refused")


@pytest.mark.parametrize(("stream", "reason", "code"), [
    (header(10) + frame(written.BODY, b"x" * 11), "body-too-long", 505),
    (header(10) + frame(written.BODY, b"x" * 10) + frame(written.BODY, b"x"), "body-too-long", 505),
    (header(0) + frame(written.BODY, b"x"), "body-too-long", 505),
    (frame(written.BODY, b"x"), "body-too-long", 505),
    (frame(written.HEADER, b"x" * 11), "malformed-frame", 501),
    (struct.pack(">BHI", written.BODY, 1, 2**31), "frame-too-large", 501),
    (struct.pack(">BHI", written.METHOD, 1, written.FRAME_MAX), "frame-too-large", 501),
    (b"".join(header(LIMIT, channel) for channel in range(MOST_OPEN * 15)), "too-much-begun", 406),
    (b"".join(frame(written.HEADER, struct.pack(">HHQH", 60, 0, 1, STATED) + b"x" * 100_000, channel)
              for channel in range(12)),
     "too-much-begun", 406),
    (header(2) + frame(written.BODY, b"") * 5000, "too-much-begun", 406),
    (header(LIMIT) + frame(written.BODY, b"x") * 5000, "too-much-begun", 406),
], ids=["more in a frame", "more after the end", "a body of none", "no header", "short header", "huge body frame",
        "huge method frame", "many begun", "large headers", "empty pieces", "small pieces"])  # fmt: skip
def test_what_would_make_the_broker_gather_more_than_it_may_is_refused(stream: bytes, reason: str, code: int) -> None:
    with pytest.raises(Refusal) as caught:
        guard_of().feed(stream)
    assert (caught.value.reason, caught.value.code) == (reason, code)


def test_messages_of_several_channels_may_take_turns() -> None:
    channels = range(1, 200)
    stream = b"".join(header(2, channel) for channel in channels)
    stream += b"".join(frame(written.BODY, b"x", channel) for channel in (*channels, *channels))
    assert guard_of().feed(stream) == stream


def test_messages_that_are_whole_again_are_forgotten() -> None:
    guard = guard_of()
    for _ in range(10 * MOST_OPEN):
        guard.feed(message(b"x" * LIMIT))
        guard.feed(header(LIMIT) + frame(written.METHOD, QOS))


def test_so_many_of_the_largest_messages_with_the_largest_headers_may_be_begun() -> None:
    largest = struct.pack(">HHQH", 60, 0, LIMIT, STATED) + b"x" * (written.FRAME_MAX - written.FRAME_OVERHEAD - 14)
    stream = b"".join(frame(written.HEADER, largest, channel) for channel in range(MOST_OPEN))
    assert guard_of().feed(stream) == stream


@given(CUTS)
def test_small_frames_count_for_more_than_they_are_however_they_are_cut(cuts: list[int]) -> None:
    guard = guard_of()
    feed_in_pieces(guard, frame(8, b"", 0) * 1000 + message(b"x" * 5000), cuts)
    whole = guard_of()
    whole.feed(message(b"x" * 5000))
    assert whole.counted == pytest.approx(len(message(b"x" * 5000)), abs=LEAST_COUNTED)
    assert guard.counted == 1000 * LEAST_COUNTED + whole.counted


def test_the_closing_frame_says_what_pyamqp_reads() -> None:
    close = connection_close(406, "a message has 9 bytes; at most 8 are allowed")
    assert struct.unpack(">BHIHH", close[:11]) == (1, 0, len(close) - 8, 10, 50)
    assert loads("BsBB", close, 11)[0] == [406, "a message has 9 bytes; at most 8 are allowed", 0, 0]
    assert close.endswith(written.END)
    assert connection_close(1, "x" * 300)[13] == 255
    assert frame(written.METHOD, struct.pack(">HH", 10, 51), 0) == CLOSE_OK
