"""Our frames are, byte for byte, those of py-amqp."""
from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import amqp.exceptions
import pytest
from amqp import Message, spec
from amqp.method_framing import frame_writer
from amqp.serialization import dumps
from hypothesis import given
from hypothesis import strategies as st

from shared_components.bus.amqp import frames

FRAME_MAX = 4096
TEXT = st.text(max_size=40)
PROPERTIES = st.fixed_dictionaries({}, optional=dict.fromkeys(sorted(frames.KNOWN), TEXT))


def by_library(method: Any, arguments: bytes, content: Message | None = None) -> bytes:
    written: list[bytes] = []
    connection = SimpleNamespace(frame_max=FRAME_MAX, bytes_sent=0)
    transport = SimpleNamespace(write=lambda data: written.append(bytes(data)))
    frame_writer(connection, transport)(1, 1, method, arguments, content)
    return b"".join(written)


@given(
    body=st.one_of(st.binary(max_size=50), st.sampled_from([b"x" * 4087, b"x" * 4088, b"x" * 4089, b"x" * 9000])),
    exchange=TEXT, key=TEXT, mandatory=st.booleans(), persistent=st.booleans(), properties=PROPERTIES)
def test_a_message_is_what_py_amqp_would_send(
    body: bytes, exchange: str, key: str, mandatory: bool, persistent: bool, properties: dict[str, str],
) -> None:
    expected = by_library(
        spec.Basic.Publish, dumps("Bssbb", (0, exchange, key, mandatory, False)),
        Message(body, content_type="application/json", content_encoding="utf-8",
                delivery_mode=2 if persistent else 1, **properties))
    ours = frames.publish(
        1, body, exchange=exchange, routing_key=key, content_type="application/json", mandatory=mandatory,
        persistent=persistent, properties=properties, frame_max=FRAME_MAX)
    if body:  # for an empty body py-amqp sends an empty frame more, which AMQP does not ask for
        assert ours == expected


@given(st.integers(1, 2**63 - 1))
def test_an_acknowledgement_is_what_py_amqp_would_send(tag: int) -> None:
    assert frames.ack(1, tag) == by_library(spec.Basic.Ack, dumps("Lb", (tag, False)))


def test_a_text_that_is_too_long_is_refused_as_py_amqp_refuses_it() -> None:
    with pytest.raises(amqp.exceptions.FrameSyntaxError, match="256 bytes"):
        frames.publish(1, b"{}", exchange="x" * 256, routing_key="", content_type="", mandatory=False,
                       persistent=False, properties={}, frame_max=FRAME_MAX)


def a_message(body: bytes) -> bytes:
    return frames.publish(
        1, body, exchange="e", routing_key="k", content_type="text/plain", mandatory=False, persistent=False,
        properties={}, frame_max=FRAME_MAX)


@given(st.lists(st.binary(min_size=1, max_size=9000), min_size=1, max_size=4), st.data())
def test_frames_are_read_however_the_stream_is_cut(messages: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(a_message(body) for body in messages)
    cuts = sorted(data.draw(st.lists(st.integers(1, len(stream)), max_size=8)))
    pieces = [piece for a, b in pairwise([0, *cuts, len(stream)]) if (piece := stream[a:b])]
    arriving: list[bytes | type[OSError]] = [part for piece in pieces for part in (TimeoutError, piece)]

    def receive(_: int) -> bytes:
        part = arriving.pop(0) if arriving else b""
        if isinstance(part, bytes):
            return part
        raise part

    reader, bodies = frames.FrameReader(receive), list[bytes]()
    while True:
        try:
            kind, channel, content = reader.read()
        except TimeoutError:
            continue  # as a wait with a limit ends; what had come is kept
        except OSError:
            break
        assert channel == 1
        if kind == frames.BODY:
            bodies.append(content)
    assert b"".join(bodies) == b"".join(messages)
    assert not arriving


def test_a_message_that_is_there_is_received_with_one_call() -> None:
    arrived = [a_message(b"one") + a_message(b"two")]
    reader = frames.FrameReader(lambda _: arrived.pop())
    assert [reader.read()[0] for _ in range(6)] == [frames.METHOD, frames.HEADER, frames.BODY] * 2


def test_what_is_no_frame_is_refused() -> None:
    broken = a_message(b"x")[:-1] + b"!"
    reader = frames.FrameReader(lambda _: broken)
    reader.read(), reader.read()
    with pytest.raises(amqp.exceptions.UnexpectedFrame, match="0x21"):
        reader.read()


@pytest.mark.parametrize("claimed", [FRAME_MAX - frames.FRAME_OVERHEAD + 1, 0x48545450])
def test_a_frame_that_claims_more_than_was_agreed_is_refused_and_not_waited_for(claimed: int) -> None:
    arrived = [b"\x03\x00\x01" + claimed.to_bytes(4, "big")]
    reader = frames.FrameReader(lambda _: arrived.pop(), frame_max=FRAME_MAX)
    with pytest.raises(amqp.exceptions.UnexpectedFrame, match=f"{claimed} bytes; at most 4088 are allowed"):
        reader.read()


def test_the_largest_frame_that_was_agreed_is_taken() -> None:
    content = b"x" * (FRAME_MAX - frames.FRAME_OVERHEAD)
    arrived = [b"\x03\x00\x01" + len(content).to_bytes(4, "big") + content + frames.END]
    assert frames.FrameReader(lambda _: arrived.pop(), frame_max=FRAME_MAX).read() == (frames.BODY, 1, content)
