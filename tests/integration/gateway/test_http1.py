"""How bytes become requests: what could mean two things is refused, nothing is hidden, answers come in their turn.

After each head another request is sent on the same connection: whether that is answered tells where the first ended.
"""
from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from shared_components.http import http1
from shared_components.http.http1 import MOST_HEAD_BYTES
from tests.integration.gateway.served import READ, TYPED, Served, serving
from tests.integration.gateway.sockets import Connection
from tests.unit.gateway.fake_bus import Asked

CHUNKED = (READ, *TYPED, "Transfer-Encoding: chunked")
LIVE = ("GET /live HTTP/1.1", "Host: x")
# It is not there, so its answer, and no other, is 404.
NEXT = b"GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
BODY = b"2\r\n{}\r\n0\r\n\r\n"
UPGRADE = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AA")


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving() as one:
        yield one


def statuses(served: Served, content: bytes, *, then: bytes = NEXT) -> list[int]:
    """Of all answers until the server closes."""
    with Connection(served.address) as connection:
        if connection.send_raw(content):
            connection.send_raw(then)
        return statuses_of(connection.read_to_the_end())


def statuses_of(answers: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) [A-Z]", answers)]


def head(*lines: str) -> bytes:
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


@pytest.mark.parametrize(("content", "status"), [
    (head(*LIVE, "X: a\rY: b"), 400),
    (head(*LIVE, "X: a\r\n b"), 400),
    (head(*LIVE, "X: a\nY: b"), 400),
    (b"GET /live HTTP/1.1\nHost: x\n\n", 400),
    (head("GET /live HTTP/1.1", " Host: x"), 400),
    (head(*LIVE, ": a"), 400),
    (head(*LIVE, "X: a\x00b"), 400),
    (head(*LIVE, "X: a\x01b"), 400),
    (head(*LIVE, "X(: a"), 400),
    (head(*LIVE, "X\xe4: a"), 400),
    (head("GET /live"), 505),
    (head("GET /live HTTP/2.0", "Host: x"), 505),
    (head("GET /live HTTP/1.10", "Host: x"), 400),
    (head("GET /l\xe4 HTTP/1.1", "Host: x"), 400),
    (head("CONNECT x:443 HTTP/1.1", "Host: x"), 501),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    *((head(READ, *TYPED, f"Content-Length: {length}") + b"{}", 400)
      for length in ("+2", "2 2", "0x2", "9" * 30, "", "\xb2", "2\x0b", "2\r\nContent-Length: 3")),
    *((head(READ, *TYPED, f"Transfer-Encoding: {coding}") + BODY, 501)
      for coding in ("identity", "gzip, chunked", ", chunked", "xchunked", "chunked;q=1", '"chunked"', "cow")),
    *((head(READ, *TYPED, f"Transfer-Encoding: {coding}") + BODY, 400)
      for coding in ("chunked, chunked", "chunked\r\nTransfer-Encoding: chunked", "\x0bchunked")),
    (head(READ, *TYPED, "Transfer-Encoding : chunked") + BODY, 400),
    (head("POST /v1/till/read HTTP/1.0", *TYPED, "Transfer-Encoding: chunked") + BODY, 400),
    (head(*CHUNKED, "Content-Length: 2") + BODY, 400),
    *((head(*CHUNKED) + body, 400) for body in (
        b"0x2\r\n{}\r\n0\r\n\r\n", b" 2\r\n{}\r\n0\r\n\r\n", b"-2\r\n{}\r\n0\r\n\r\n", b"0_2\r\n{}\r\n0\r\n\r\n",
        b"F" * 17 + b"\r\n{}\r\n0\r\n\r\n", b"10000000000000002\r\n{}\r\n0\r\n\r\n", b"\r\n{}\r\n0\r\n\r\n",
        b"2\n{}\n0\n\n", b"2;a\n{}\r\n0\r\n\r\n", b"2\r{}\r\n0\r\n\r\n", b"2\r\n{}0\r\n\r\n", b"2\r\n{}xx0\r\n\r\n",
        b"2\r\n{}\r\n0\r\nX\r\n\r\n")),
])
def test_what_could_be_read_in_two_ways_is_refused_and_nothing_after_it_is_read(
    served: Served, content: bytes, status: int,
) -> None:
    assert statuses(served, content) == [status]


@pytest.mark.parametrize("content", [
    head(*LIVE, "X: \xe4\tb"),
    head("HEAD /live HTTP/1.1", "Host: x"),
    head("GET http://x/live HTTP/1.1", "Host: x"),
    head(READ, *TYPED, "Content-Length:  2\t") + b"{}",
    head(READ, *TYPED, "Transfer_Encoding: chunked", "Content-Length: 2") + b"{}",
    head(READ, *TYPED, "Transfer-Encoding: CHUNKED") + BODY,
    head(*CHUNKED) + b'2;a="b;c"\r\n{}\r\n0\r\nX: y\r\n\r\n',
    head(*LIVE, "X: " + "a" * (MOST_HEAD_BYTES - 100)),
])
def test_what_means_one_thing_is_answered_and_so_is_what_follows(served: Served, content: bytes) -> None:
    assert statuses(served, content) == [200, 404]


@pytest.mark.parametrize("content", [
    head("GET /live HTTP/1.0"), head("GET /live HTTP/1.0", "Connection: keep-alive"), head(*LIVE, "Connection: close"),
])
def test_after_the_last_request_of_a_connection_nothing_is_read(served: Served, content: bytes) -> None:
    assert statuses(served, content) == [200]


@pytest.mark.parametrize("content", [
    head(*LIVE, *UPGRADE),
    head(READ, *TYPED, *UPGRADE, "Content-Length: 2") + b"{}",
    head(*CHUNKED, *UPGRADE) + BODY,
    head(*LIVE, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"),
])
def test_an_offered_upgrade_is_not_taken_and_changes_nothing(served: Served, content: bytes) -> None:
    assert statuses(served, content) == [200, 404]


def test_the_body_of_a_request_that_offers_an_upgrade_is_no_request(served: Served) -> None:
    with Connection(served.address) as connection:
        connection.send(READ, *TYPED, *UPGRADE, f"Content-Length: {len(HIDDEN)}")
        connection.send_raw(HIDDEN)
        connection.send_raw(NEXT)
        assert statuses_of(connection.read_to_the_end()) == [400, 404]


def test_a_body_that_comes_a_byte_at_a_time_after_an_offered_upgrade_is_read(served: Served) -> None:
    with Connection(served.address) as connection:
        for byte in head(*CHUNKED, *UPGRADE) + BODY + NEXT:
            connection.send_raw(bytes([byte]))
        assert statuses_of(connection.read_to_the_end()) == [200, 404]


def test_a_trailer_cannot_add_to_a_head_that_has_been_judged(served: Served) -> None:
    key = TYPED[1].encode()
    content = head(READ, "Host: x", TYPED[2], "Transfer-Encoding: chunked") + b"2\r\n{}\r\n0\r\n" + key + b"\r\n\r\n"
    assert statuses(served, content)[0] == 401


@pytest.mark.parametrize("wrong", [
    b"GARBAGE\r\n\r\n", head(*CHUNKED) + b"2\r\n{}\r\nzz\r\n", head("GET / HTTP/1.1"),
    head("GET http://x HTTP/1.1", "Host: x"), head("GET http://x:99999/ HTTP/1.1", "Host: x"),
])
def test_a_refusal_waits_for_the_answers_before_it(wrong: bytes) -> None:
    async def slow(asked: Asked) -> dict[str, str]:
        await asyncio.sleep(0.2)
        return {"state": "open"}

    request = head(READ, *TYPED, "Content-Length: 2") + b"{}"
    with serving({"till.read": slow}) as one, Connection(one.address) as connection:
        connection.send_raw(request + request + wrong)
        assert statuses_of(connection.read_to_the_end()) == [200, 200, 400]


def test_a_wrong_body_is_refused_while_the_app_waits_for_it(served: Served) -> None:
    with Connection(served.address) as connection:
        connection.send(*CHUNKED, body=b"2\r\n{}\r\n")
        connection.send_raw(b"zz\r\n")
        assert statuses_of(connection.read_to_the_end()) == [400]
    assert statuses(served, head(*LIVE)) == [200, 404]


@pytest.mark.parametrize("lines", [
    (*LIVE, "X: " + "a" * (MOST_HEAD_BYTES + 1)),
    (*LIVE, *(f"X{number}: {number}" for number in range(8000))),
    ("GET /" + "a" * (MOST_HEAD_BYTES + 1) + " HTTP/1.1", "Host: x"),
])
@pytest.mark.parametrize("piece_bytes", [7000, 1_000_000])
def test_a_head_above_the_limit_is_431_in_one_piece_or_several(
    served: Served, lines: tuple[str, ...], piece_bytes: int,
) -> None:
    content = head(*lines)
    with Connection(served.address) as connection:
        for start in range(0, len(content), piece_bytes):
            if not connection.send_raw(content[start:start + piece_bytes]):
                break
        assert statuses_of(connection.read_to_the_end()) == [431]


@pytest.mark.parametrize("begun", [b"2;", b"2\r\n{}\r\n0\r\nX: ", b"2\r\n{}\r\n0\r\nX: y\r\nY"])
def test_extensions_and_trailers_without_end_end_the_connection(served: Served, begun: bytes) -> None:
    sent = 0
    with Connection(served.address) as connection:
        connection.send(*CHUNKED, body=begun)
        while connection.send_raw(b"a" * 65_536):
            sent += 65_536
            assert sent < 64 * 1024 * 1024, "it reads for ever"


@pytest.mark.parametrize("before", [b"", head(*LIVE)])
def test_empty_lines_without_end_end_the_connection(
    monkeypatch: pytest.MonkeyPatch, before: bytes,
) -> None:
    monkeypatch.setattr(http1, "HEAD_TIMEOUT_S", 0.3)
    with serving() as one, Connection(one.address) as connection:
        connection.send_raw(before + b"\r\n")
        assert statuses_of(connection.read_to_the_end()) == ([200] if before else [])


def test_a_client_of_http_1_0_is_not_sent_an_interim_answer(served: Served) -> None:
    content = head("POST /v1/till/read HTTP/1.0", *TYPED, "Expect: 100-continue", "Content-Length: 2") + b"{}"
    assert statuses(served, content) == [200]


def test_requests_that_wait_for_a_slow_one_are_not_read_without_end() -> None:
    free = threading.Event()

    async def slow(asked: Asked) -> dict[str, str]:
        while not free.is_set():  # noqa: ASYNC110 -- set by another thread
            await asyncio.sleep(0.05)
        return {"state": "open"}

    with serving({"till.read": slow}) as one, Connection(one.address) as connection:
        connection.send(READ, *TYPED, "Content-Length: 2", body=b"{}")
        connection._socket.settimeout(1.0)
        sent = 0
        try:
            while sent < 64 * 1024 * 1024:
                sent += connection._socket.send(head(*LIVE) * 1000)
        except TimeoutError:
            pass
        finally:
            free.set()
        assert sent < 32 * 1024 * 1024, "it reads for ever"


def test_of_many_requests_sent_at_once_few_are_taken_apart_before_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    free, taken = threading.Event(), 0
    on_message_begin = http1.Http1Protocol.on_message_begin

    def counted(self: http1.Http1Protocol) -> None:
        nonlocal taken
        taken += 1
        on_message_begin(self)

    async def slow(asked: Asked) -> dict[str, str]:
        while not free.is_set():  # noqa: ASYNC110 -- set by another thread
            await asyncio.sleep(0.05)
        return {"state": "open"}

    with serving({"till.read": slow}) as one, Connection(one.address) as connection:
        monkeypatch.setattr(http1.Http1Protocol, "on_message_begin", counted)
        connection.send_raw(head(READ, *TYPED, "Content-Length: 2") + b"{}" + head("GET /a HTTP/1.1", "Host: x") * 3000)
        time.sleep(0.5)
        before_the_first_answer = taken
        free.set()
        connection.send_raw(NEXT)
        answers = statuses_of(connection.read_to_the_end())
    assert before_the_first_answer < 500
    assert answers == [200] + [404] * 3001


def test_a_client_that_leaves_with_requests_waiting_harms_nobody(served: Served) -> None:
    for _ in range(20):
        with Connection(served.address) as connection:
            connection.send_raw(head(READ, *TYPED, "Content-Length: 2") + b"{}" + head(*LIVE) * 3)
    assert statuses(served, head(*LIVE)) == [200, 404]


def test_a_client_that_takes_no_answers_is_not_waited_for(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http1, "TAKE_TIMEOUT_S", 0.3)
    asking, until, gone = head("GET /openapi.json HTTP/1.1", "Host: x") * 100, time.monotonic() + 40, False
    parts = urlsplit(served.address)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # else the kernel takes megabytes for it
        client.connect((parts.hostname, parts.port))
        client.setblocking(False)
        while not gone and time.monotonic() < until:
            try:
                client.send(asking)
            except BlockingIOError:
                time.sleep(0.02)
            except OSError:
                gone = True
    assert gone
    assert statuses(served, head(*LIVE)) == [200, 404]


def test_an_answer_is_one_write(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    sends: list[bytes] = []
    send = socket.socket.send

    def counted(self: socket.socket, content: bytes, *more: int) -> int:
        if bytes(content).startswith(b"HTTP/1.1 ") or b"order_id" in bytes(content):
            sends.append(bytes(content))
        return send(self, content, *more)

    monkeypatch.setattr(socket.socket, "send", counted)
    with Connection(served.address) as connection:
        connection.send(READ, *TYPED, "Content-Length: 2", "Connection: close", body=b"{}")
        answer = connection.read_to_the_end()
    assert sends == [answer]
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["order_id"]
