"""Bodies of requests: only JSON objects that can mean one thing, within a size, within a time."""
from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.adapters import incoming
from services.gateway.adapters.incoming import MOST_THROWN_AWAY
from services.gateway.adapters.json_objects import json_object
from services.gateway.domain.errors import BodyMalformed
from shared_components.kernel.strict_json import MAX_DEPTH
from tests.unit.gateway.world import KEY_A, Edge, problem_of, slowly

LIMIT = 256 * 1024
TYPED = {"Content-Type": "application/json"}


def nested(levels: int) -> bytes:
    """An object with lists in it, so many levels deep in all."""
    return b'{"a":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


@pytest.mark.parametrize("media_type", [
    "application/json", "application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8",
])
def test_json_is_taken_however_it_is_written(media_type: str) -> None:
    assert Edge().read(json=None, content=b'{"order_id":"1"}', headers={"Content-Type": media_type}).status_code == 200


@pytest.mark.parametrize("media_type", [
    "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "json",
    "application/json-patch+json", "application/octet-stream", "application/vnd.zhongtai.calls+json", "",
])
def test_another_media_type_is_415(media_type: str) -> None:
    answer = Edge().read(json=None, content=b'{"order_id":"1"}', headers={"Content-Type": media_type})
    problem_of(answer, 415, "gateway.media-type-unsupported")


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "identity, gzip", "x"])
def test_a_compressed_body_is_415(encoding: str) -> None:
    answer = Edge().read(json=None, content=b"\x1f\x8b", headers={**TYPED, "Content-Encoding": encoding})
    problem_of(answer, 415, "gateway.media-type-unsupported")


def test_no_body_is_an_empty_object() -> None:
    edge = Edge()
    assert edge.read(json=None).status_code == 200
    assert edge.bus.asked[0].kwargs == {}


@pytest.mark.parametrize("body", [
    b"{", b"nonsense", b'{"a": 1,}', b"{'a': 1}", b'{"a": NaN}', b'{"a": Infinity}', b'{"a": 1} {"b": 2}', b'{"a": 01}',
    b'{"a": "\x01"}', b'{"a": "\xff"}', b'{"a": "\\ud800"}', '{"a": "ä"}'.encode("latin-1"), b"\xef\xbb\xbf{}",
    '{"a": 1}'.encode("utf-16"), b'{"a": 1' + b"0" * 5000 + b"e", b" ", b"\0",
])
def test_what_is_no_json_is_400_and_says_where(body: bytes) -> None:
    edge = Edge()
    problem = problem_of(edge.read(json=None, content=body, headers=TYPED), 400, "gateway.body-malformed")
    assert "（第 1 行，第 " in problem["detail"]
    assert edge.bus.asked == []


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"1", b"null", b"true", b'[{"order_id": "1"}]'])
def test_json_that_is_no_object_is_400(body: bytes) -> None:
    problem_of(Edge().read(json=None, content=body, headers=TYPED), 400, "gateway.body-malformed")


@pytest.mark.parametrize(("body", "name"), [
    (b'{"amount": 1, "amount": 1000}', "amount"), (b'{"a": {"b": 1, "c": 2, "b": 3}}', "a.b"),
    (b'{"a": [1, {"x": null, "x": null}]}', "a.1.x"), (b'{"a": 1, "\\u0061": 2}', "a"), (b'{"": 1, "": 2}', ""),
])
def test_a_name_given_twice_is_refused_and_named(body: bytes, name: str) -> None:
    """One reader would take the first of two amounts, another the last."""
    edge = Edge()
    problem = problem_of(edge.read(json=None, content=body, headers=TYPED), 400, "gateway.body-malformed")
    assert problem["fields"] == {name: ["重复出现"]}
    assert edge.bus.asked == []


def test_the_same_name_in_two_objects_is_fine() -> None:
    assert json_object(b'{"a": {"x": 1}, "b": {"x": 1}, "c": [{"x": 1}, {"x": 1}]}')["c"] == [{"x": 1}, {"x": 1}]


@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 255, 300, 1000, 1024, 5000, 100_000])
def test_deep_nesting_is_400(levels: int) -> None:
    edge = Edge()
    problem_of(edge.read(json=None, content=nested(levels), headers=TYPED), 400, "gateway.body-malformed")
    assert edge.bus.asked == []


def test_nesting_up_to_the_limit_and_wide_objects_are_taken() -> None:
    edge = Edge()
    wide = orjson.dumps({f"field-{n}": [{"x": [n]}] for n in range(2000)})
    for body in (nested(MAX_DEPTH), wide):
        assert edge.read(json=None, content=body, headers=TYPED).status_code == 200
    assert len(edge.bus.asked[1].kwargs) == 2000


# NUL is refused: PostgreSQL cannot store it.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2**63, 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4))


@given(st.dictionaries(TEXTS, VALUES, max_size=5))
@settings(max_examples=50)
def test_every_json_object_is_read_as_it_is(content: dict[str, Any]) -> None:
    assert json_object(orjson.dumps(content)) == content


@given(st.binary(max_size=60))
@settings(max_examples=100)
def test_any_bytes_are_an_object_or_refused(body: bytes) -> None:
    with contextlib.suppress(BodyMalformed):
        assert isinstance(json_object(body), dict)


# sizes

def filled(size: int) -> bytes:
    return b'{"a":"' + b"x" * (size - 8) + b'"}'


def test_a_body_of_the_limit_is_read_and_one_byte_more_is_413() -> None:
    edge = Edge()
    assert edge.read(json=None, content=filled(LIMIT), headers=TYPED).status_code == 200
    answer = edge.read(json=None, content=filled(LIMIT + 1), headers=TYPED)
    problem = problem_of(answer, 413, "gateway.body-too-large")
    assert str(LIMIT) in problem["detail"]
    assert "connection" not in answer.headers  # it was read to its end, so the connection serves on


def test_a_chunked_body_over_the_limit_is_413_too() -> None:
    edge = Edge()
    answer = edge.read(json=None, content=slowly(*[b"x" * 65_536] * 5, pause_s=0), headers=TYPED)
    problem_of(answer, 413, "gateway.body-too-large")
    assert edge.bus.asked == []


def test_a_callback_has_a_limit_of_its_own() -> None:
    edge = Edge()
    answer = edge.ask("/callbacks/payment/sandbox", content=b"x" * (64 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "FAIL")
    assert edge.bus.asked == []


class Endless(AsyncIterator[bytes]):
    """A client that sends without end; counts what is taken from it."""

    def __init__(self, part: bytes = b"x" * 65_536, pause_s: float = 0.0) -> None:
        self.taken = 0
        self._part, self._pause_s = part, pause_s

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        await asyncio.sleep(self._pause_s)
        self.taken += len(self._part)
        return self._part


@pytest.mark.parametrize("key", [KEY_A, "wrong", None])
@pytest.mark.parametrize("path", ["/v1/till/read", "/v1/nobody/read", "/nothing", "/callbacks/payment/sandbox"])
def test_a_body_without_end_is_refused_and_its_connection_closed(path: str, key: str | None) -> None:
    sender = Endless()
    answer = Edge().ask(path, key=key, content=sender, headers=TYPED)
    assert answer.status_code in (401, 404, 413)
    assert answer.headers["connection"] == "close"
    assert sender.taken < MOST_THROWN_AWAY + 1024 * 1024


def test_a_body_that_does_not_come_in_time_is_408_and_its_connection_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked as a server asks: httpx's own transport ends a body whose reader was interrupted."""
    monkeypatch.setattr(incoming, "LONGEST_LINGER_S", 0.1)
    edge = Edge(body_timeout_s=0.1)
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"authorization", f"Bearer {KEY_A}".encode()), (b"content-type", b"application/json"),
               (b"transfer-encoding", b"chunked")]
    scope = {
        "type": "http", "method": "POST", "path": "/v1/till/read", "raw_path": b"", "query_string": b"",
        "headers": headers, "scheme": "http", "http_version": "1.1", "root_path": "", "server": ("127.0.0.1", 80)}
    async def serve() -> None:
        await edge.app(scope, receive, send)

    started = time.monotonic()
    asyncio.run(serve())
    assert time.monotonic() - started < 10
    assert (sent[0]["status"], dict(sent[0]["headers"])[b"connection"]) == (408, b"close")
    assert b"gateway.body-too-slow" in sent[1]["body"]
    assert edge.bus.asked == []


def test_a_slow_body_that_comes_in_time_is_taken() -> None:
    answer = Edge().read(json=None, content=slowly(b"{", b"}", pause_s=0.02), headers=TYPED)
    assert answer.status_code == 200


def test_a_client_that_waits_for_leave_to_send_is_refused_without_it() -> None:
    sender = Endless()
    answer = Edge().read(key="wrong", json=None, content=sender, headers={"Expect": "100-continue"})
    assert (answer.status_code, answer.headers["connection"], sender.taken) == (401, "close", 0)
