"""How nginx before the gateway reads bytes: nothing ambiguous reaches the gateway, slow and large requests end.

After each head another request is sent on the same connection: its answer tells where the first request ended.
"""
from __future__ import annotations

import asyncio
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import httpx
import pytest

from tests.integration.gateway.proxied import Proxied, RecordingUpstream, nginx_before, proxied, statuses_of
from tests.integration.gateway.served import READ, TYPED
from tests.integration.gateway.sockets import Connection, status_of
from tests.unit.gateway.fake_bus import Asked
from tests.unit.gateway.world import KEY_A

CHUNKED = (READ, *TYPED, "Transfer-Encoding: chunked")
LIVE = ("GET /live HTTP/1.1", "Host: x")
# The gateway has no such address, so the answer to this request, and to no other, is 404.
NEXT = b"GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
BODY = b"2\r\n{}\r\n0\r\n\r\n"
UPGRADE = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AA")
BEARER = {"Authorization": f"Bearer {KEY_A}"}
LINE_BYTES = 16 * 1024
SHORT_HEAD = {
    "client_header_timeout 20s": "client_header_timeout 300ms", "keepalive_timeout 60s": "keepalive_timeout 1s",
}


@pytest.fixture(scope="module")
def behind() -> Iterator[Proxied]:
    with proxied() as one:
        yield one


def head(*lines: str) -> bytes:
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


@pytest.mark.parametrize(("content", "status"), [
    (head(*LIVE, "X: a\rY: b"), 400),
    (head(*LIVE, "X: a\r\n b"), 400),
    (head("GET /live HTTP/1.1", " Host: x"), 400),
    (head(*LIVE, ": a"), 400),
    (head(*LIVE, "X: a\x00b"), 400),
    (head("GET /live HTTP/2.0", "Host: x"), 505),
    (head("CONNECT x:443 HTTP/1.1", "Host: x"), 400),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    *((head(READ, *TYPED, f"Content-Length: {length}") + b"{}", 400)
      for length in ("+2", "2 2", "0x2", "9" * 30, "", "\xb2", "2\x0b", "2\t", "2\r\nContent-Length: 3")),
    *((head(READ, *TYPED, f"Transfer-Encoding: {coding}") + BODY, 501)
      for coding in ("identity", "gzip, chunked", ", chunked", "xchunked", "chunked;q=1", '"chunked"', "cow",
                     "chunked, chunked", "\x0bchunked")),
    (head(*CHUNKED, "Transfer-Encoding: chunked") + BODY, 400),
    (head(READ, *TYPED, "Transfer-Encoding : chunked") + BODY, 400),
    (head("POST /v1/till/read HTTP/1.0", *TYPED, "Transfer-Encoding: chunked") + BODY, 400),
    (head(*CHUNKED, "Content-Length: 2") + BODY, 400),
    *((head(*CHUNKED) + body, 400) for body in (
        b"0x2\r\n{}\r\n0\r\n\r\n", b" 2\r\n{}\r\n0\r\n\r\n", b"-2\r\n{}\r\n0\r\n\r\n", b"0_2\r\n{}\r\n0\r\n\r\n",
        b"F" * 17 + b"\r\n{}\r\n0\r\n\r\n", b"10000000000000002\r\n{}\r\n0\r\n\r\n", b"\r\n{}\r\n0\r\n\r\n",
        b"2\r{}\r\n0\r\n\r\n", b"2\r\n{}0\r\n\r\n", b"2\r\n{}xx0\r\n\r\n")),
])
def test_an_ambiguous_request_is_refused_and_nothing_after_it_is_read(
    behind: Proxied, content: bytes, status: int,
) -> None:
    assert behind.statuses(content, then=NEXT) == [status]


@pytest.mark.parametrize(("content", "status"), [
    (head(*LIVE, "X: a\x01b"), 400),
    (head(*LIVE, "X(: a"), 400),
    (head(*LIVE, "X\xe4: a"), 400),
    (head("GET /l\xe4 HTTP/1.1", "Host: x"), 400),
    (head("GET /live HTTP/1.10", "Host: x"), 505),
])
def test_a_bad_request_with_a_clear_end_is_refused_and_the_next_one_is_answered(
    behind: Proxied, content: bytes, status: int,
) -> None:
    assert behind.statuses(content, then=NEXT) == [status, 404]


def test_a_request_without_version_does_not_reach_the_gateway() -> None:
    upstream = RecordingUpstream()
    try:
        with nginx_before(upstream.port) as (nginx, trusted):
            with Connection(nginx.address, trusted=trusted) as connection:
                connection.send_raw(b"GET /live\r\n\r\n")
                assert b'"status":505' in connection.read_to_the_end()
            assert upstream.requests == []
    finally:
        upstream.close()


@pytest.mark.parametrize("content", [
    head(*LIVE, "X: a\nY: b"),
    b"GET /live HTTP/1.1\nHost: x\n\n",
    *(head(*CHUNKED) + body for body in (
        b"2\n{}\n0\n\n", b"2;a\n{}\r\n0\r\n\r\n", b"2\r\n{}\r\n0\r\nX\r\n\r\n")),
])
def test_what_nginx_reads_leniently_reaches_the_gateway_as_one_regular_request(behind: Proxied, content: bytes) -> None:
    """RFC 9112, 2.2, allows a bare LF as the end of a line; nginx 1.22 cannot refuse it."""
    assert behind.statuses(content, then=NEXT) == [200, 404]
    upstream = RecordingUpstream()
    try:
        with nginx_before(upstream.port) as (nginx, trusted):
            with Connection(nginx.address, trusted=trusted) as connection:
                connection.send_raw(content)
                assert status_of(connection.read_some()) == 200
            [request] = upstream.requests
    finally:
        upstream.close()
    assert request.count(b"\n") == request.count(b"\r\n") == request.count(b"\r")
    passed_on, _, body = request.partition(b"\r\n\r\n")
    framing = [line for line in passed_on.lower().split(b"\r\n")
               if line.startswith((b"content-length:", b"transfer-encoding:"))]
    assert (framing, body) == (([b"content-length: 2"], b"{}") if b"chunked" in content else ([], b""))


@pytest.mark.parametrize("content", [
    head(*LIVE, "X: \xe4\tb"),
    head("HEAD /live HTTP/1.1", "Host: x"),
    head("GET http://x/live HTTP/1.1", "Host: x"),
    head(READ, *TYPED, "Content-Length:  2 ") + b"{}",
    head(READ, *TYPED, "Transfer_Encoding: chunked", "Content-Length: 2") + b"{}",
    head(READ, *TYPED, "Transfer-Encoding: CHUNKED") + BODY,
    head(*CHUNKED) + b'2;a="b;c"\r\n{}\r\n0\r\nX: y\r\n\r\n',
    head(*LIVE, *(f"X{number}: " + "a" * (LINE_BYTES - 100) for number in range(3))),
])
def test_what_means_one_thing_is_answered_and_so_is_what_follows(behind: Proxied, content: bytes) -> None:
    assert behind.statuses(content, then=NEXT) == [200, 404]


@pytest.mark.parametrize("content", [head("GET /live HTTP/1.0"), head(*LIVE, "Connection: close")])
def test_after_the_last_request_of_a_connection_nothing_is_read(behind: Proxied, content: bytes) -> None:
    assert behind.statuses(content, then=NEXT) == [200]


@pytest.mark.parametrize("content", [
    head(*LIVE, *UPGRADE),
    head(READ, *TYPED, *UPGRADE, "Content-Length: 2") + b"{}",
    head(*CHUNKED, *UPGRADE) + BODY,
    head(*LIVE, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"),
])
def test_an_offered_upgrade_is_not_taken_and_changes_nothing(behind: Proxied, content: bytes) -> None:
    assert behind.statuses(content, then=NEXT) == [200, 404]


def test_the_body_of_a_request_that_offers_an_upgrade_is_no_request(behind: Proxied) -> None:
    with behind.connect() as connection:
        connection.send(READ, *TYPED, *UPGRADE, f"Content-Length: {len(HIDDEN)}")
        connection.send_raw(HIDDEN)
        connection.send_raw(NEXT)
        assert statuses_of(connection.read_to_the_end()) == [400, 404]


def test_a_body_that_comes_a_byte_at_a_time_after_an_offered_upgrade_is_read(behind: Proxied) -> None:
    with behind.connect() as connection:
        for byte in head(*CHUNKED, *UPGRADE) + BODY + NEXT:
            connection.send_raw(bytes([byte]))
        assert statuses_of(connection.read_to_the_end()) == [200, 404]


def test_a_trailer_cannot_add_to_a_head_that_has_been_judged(behind: Proxied) -> None:
    key = TYPED[1].encode()
    content = head(READ, "Host: x", TYPED[2], "Transfer-Encoding: chunked") + b"2\r\n{}\r\n0\r\n" + key + b"\r\n\r\n"
    assert behind.statuses(content, then=NEXT)[0] == 401


@pytest.mark.parametrize("wrong", [
    b"GARBAGE\r\n\r\n", head(*CHUNKED) + b"2\r\n{}\r\nzz\r\n", head("GET / HTTP/1.1"),
    head("GET http://x:y/ HTTP/1.1", "Host: x"),
])
def test_a_refusal_waits_for_the_answers_before_it(wrong: bytes) -> None:
    async def slow(asked: Asked) -> dict[str, str]:
        await asyncio.sleep(0.2)
        return {"state": "open"}

    request = head(READ, *TYPED, "Content-Length: 2") + b"{}"
    with proxied({"till.read": slow}) as one:
        assert one.statuses(request + request + wrong) == [200, 200, 400]


def test_a_wrong_body_is_refused_while_the_gateway_waits_for_it(behind: Proxied) -> None:
    with behind.connect() as connection:
        connection.send(*CHUNKED, body=b"2\r\n{}\r\n")
        connection.send_raw(b"zz\r\n")
        assert statuses_of(connection.read_to_the_end()) == [400]
    assert behind.statuses(head(*LIVE), then=NEXT) == [200, 404]


@pytest.mark.parametrize(("lines", "status"), [
    ((*LIVE, "X: " + "a" * (LINE_BYTES + 1)), 431),
    ((*LIVE, *(f"X{number}: {number}" for number in range(8000))), 431),
    ((*LIVE, "X: " + "a" * 600_000), 431),
    (("GET /" + "a" * (LINE_BYTES + 1) + " HTTP/1.1", "Host: x"), 414),
    (("GET /" + "a" * 600_000 + " HTTP/1.1", "Host: x"), 414),
])
@pytest.mark.parametrize("piece_bytes", [7000, 1_000_000])
def test_a_head_above_the_limit_is_refused_in_one_piece_or_several(
    behind: Proxied, lines: tuple[str, ...], status: int, piece_bytes: int,
) -> None:
    content = head(*lines)
    with behind.connect() as connection:
        for start in range(0, len(content), piece_bytes):
            if not connection.send_raw(content[start:start + piece_bytes]):
                break
        assert statuses_of(connection.read_to_the_end()) == [status]


@pytest.mark.parametrize("begun", [b"2;", b"2\r\n{}\r\n0\r\nX: ", b"2\r\n{}\r\n0\r\nX: y\r\nY"])
def test_extensions_and_trailers_without_end_end_the_connection(begun: bytes) -> None:
    """nginx keeps none of these bytes; the gateway's limit for the whole body ends the request."""
    with proxied(body_timeout_s=0.5) as one, one.connect() as connection:
        until = time.monotonic() + 20
        connection.send(*CHUNKED, body=begun)
        while connection.send_raw(b"a" * 65_536):
            time.sleep(0.01)
            assert time.monotonic() < until, "it reads for ever"


@pytest.mark.parametrize("before", [b"", head(*LIVE)])
def test_empty_lines_without_end_end_the_connection(before: bytes) -> None:
    with proxied(replaced=SHORT_HEAD) as one, one.connect() as connection:
        connection.send_raw(before + b"\r\n")
        assert statuses_of(connection.read_to_the_end()) == ([200] if before else [])


def test_a_client_of_http_1_0_is_not_sent_an_interim_answer(behind: Proxied) -> None:
    content = head("POST /v1/till/read HTTP/1.0", *TYPED, "Expect: 100-continue", "Content-Length: 2") + b"{}"
    assert behind.statuses(content) == [200]


def test_many_requests_sent_at_once_reach_the_gateway_one_after_another() -> None:
    free, asked_for = threading.Event(), 0

    async def slow(asked: Asked) -> dict[str, str]:
        nonlocal asked_for
        asked_for += 1
        while not free.is_set():  # noqa: ASYNC110 -- set by another thread
            await asyncio.sleep(0.05)
        return {"state": "open"}

    with proxied({"till.read": slow}) as one, one.connect() as connection:
        connection.send_raw((head(READ, *TYPED, "Content-Length: 2") + b"{}") * 200)
        time.sleep(0.5)
        before_the_first_answer = asked_for
        free.set()
        connection.send_raw(NEXT)
        answers = statuses_of(connection.read_to_the_end())
    assert before_the_first_answer == 1
    assert answers == [200] * 200 + [404]


def test_requests_that_wait_for_a_slow_one_are_not_read_without_end() -> None:
    free = threading.Event()

    async def slow(asked: Asked) -> dict[str, str]:
        while not free.is_set():  # noqa: ASYNC110 -- set by another thread
            await asyncio.sleep(0.05)
        return {"state": "open"}

    with proxied({"till.read": slow}) as one, one.connect() as connection:
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


def test_a_client_that_leaves_with_requests_waiting_harms_nobody(behind: Proxied) -> None:
    for _ in range(20):
        with behind.connect() as connection:
            connection.send_raw(head(READ, *TYPED, "Content-Length: 2") + b"{}" + head(*LIVE) * 3)
    assert behind.statuses(head(*LIVE), then=NEXT) == [200, 404]


def test_a_client_that_takes_no_answers_is_not_waited_for() -> None:
    asking, until, gone = head("GET /openapi.json HTTP/1.1", "Host: x") * 100, time.monotonic() + 40, False
    with proxied(replaced={"send_timeout 20s": "send_timeout 300ms"}) as one:
        parts = urlsplit(one.address)
        with socket.socket() as plain:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # else the kernel takes megabytes for it
            plain.connect((parts.hostname, parts.port))
            client = ssl.create_default_context(cafile=one.trusted).wrap_socket(plain, server_hostname=parts.hostname)
            client.setblocking(False)
            while not gone and time.monotonic() < until:
                try:
                    client.send(asking)
                except ssl.SSLWantWriteError:
                    time.sleep(0.02)
                except OSError:
                    gone = True
            client.close()
        assert gone
        assert one.statuses(head(*LIVE), then=NEXT) == [200, 404]


@pytest.mark.parametrize(("lines", "status"), [
    (["GET /live HTTP/1.1", "Host: a", "Host: b"], 400),
    (["GET /live HTTP/1.1"], 400),
    (["GET /li ve HTTP/1.1", "Host: x"], 400),
    (["nonsense"], 400),
    (["GET /live HTTP/1.1", "Host: x", "X\x00: a"], 400),
    (["GET /live HTTP/1.1", "Host: x", "X : a"], 400),
    ([READ, *TYPED, "Content-Length: 5", "Content-Length: 6"], 400),
    ([READ, *TYPED, "Content-Length: -1"], 400),
    ([READ, *TYPED, "Content-Length: 1e3"], 400),
    ([READ, *TYPED, "Transfer-Encoding: gzip, chunked"], 501),
    ([READ, *TYPED, "Transfer-Encoding: chunked, identity"], 501),
    (["GET /live HTTP/1.1", "Host: x", "X: " + "a" * 600_000], 431),
    (["GET /" + "a" * 600_000 + " HTTP/1.1", "Host: x"], 414),
])
def test_a_request_that_is_not_http_is_a_problem_and_ends_the_connection(
    behind: Proxied, lines: list[str], status: int,
) -> None:
    with behind.connect() as connection:
        connection.send_raw(head(*lines))
        answer = connection.read_to_the_end()
    assert status_of(answer) == status, answer
    told, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in told.lower()
    problem = json.loads(body)
    assert (problem["status"], problem["category"]) == (status, "invalid-input")
    assert behind.statuses(head(*LIVE, "Connection: close")) == [200]


def test_a_body_of_two_lengths_is_one_request_and_no_second_is_smuggled_in_it(behind: Proxied) -> None:
    smuggled = b"2\r\n{}\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    with behind.connect() as connection:
        connection.send(READ, *TYPED, f"Content-Length: {len(smuggled)}", "Transfer-Encoding: chunked", body=smuggled)
        assert statuses_of(connection.read_to_the_end()) == [400]


def test_requests_on_one_connection_are_answered_in_order(behind: Proxied) -> None:
    request = "\r\n".join([READ, *TYPED, "X-Request-Id: {}", "Content-Length: 2", "", "{{}}"])
    with behind.connect() as connection:
        connection.send_raw("".join(request.format(number) for number in range(5)).encode())
        connection.send("GET /live HTTP/1.1", "Host: x", "Connection: close")
        answer = connection.read_to_the_end()
    places = [answer.index(f"x-request-id: {number}\r\n".encode()) for number in range(5)]
    assert places == sorted(places)


def test_a_client_that_asks_for_leave_to_send_gets_it(behind: Proxied) -> None:
    with behind.connect() as connection:
        connection.send(READ, *TYPED, "Expect: 100-continue", "Content-Length: 2", "Connection: close")
        assert status_of(connection.read_some()) == 100
        connection.send_raw(b"{}")
        assert status_of(connection.read_to_the_end()) == 200


@pytest.mark.parametrize("pause_s", [60.0, 0.05])
def test_a_body_that_stops_or_trickles_is_408(pause_s: float) -> None:
    with proxied(body_timeout_s=0.4) as one, one.connect() as connection:
        connection.send(READ, *TYPED, "Content-Length: 1000", body=b'{"order_id"')
        until = time.monotonic() + 2
        while pause_s < 1 and time.monotonic() < until and connection.send_raw(b" "):
            time.sleep(pause_s)
        assert status_of(connection.read_to_the_end()) == 408


def test_a_body_that_stops_ends_the_connection_in_nginx_too() -> None:
    short = {"client_body_timeout 30s": "client_body_timeout 300ms"}
    with proxied(replaced=short) as one, one.connect() as connection:
        connection.send(READ, *TYPED, "Content-Length: 1000", body=b'{"order_id"')
        assert statuses_of(connection.read_to_the_end()) == []


def test_a_body_above_the_limit_is_413_before_it_is_read(behind: Proxied) -> None:
    with behind.connect() as connection:
        connection.send(READ, *TYPED, f"Content-Length: {600 * 1024}", "Expect: 100-continue")
        answer = connection.read_to_the_end()
    assert statuses_of(answer) == [413]
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "gateway.body-too-large"


def test_a_body_without_end_ends_the_connection(behind: Proxied) -> None:
    until = time.monotonic() + 20
    with behind.connect() as connection:
        connection.send(READ, *TYPED, "Transfer-Encoding: chunked")
        while connection.send_raw(b"10000\r\n" + b"x" * 65_536 + b"\r\n"):
            time.sleep(0.01)
            assert time.monotonic() < until, "it reads for ever"


@pytest.mark.parametrize("begun", [b"", b"GET", b"GET /live HTTP/1.1\r\nHost: x\r\n"])
def test_a_head_that_never_ends_ends_the_connection(begun: bytes) -> None:
    with proxied(replaced=SHORT_HEAD) as one, one.connect() as connection:
        connection.send_raw(begun)
        assert statuses_of(connection.read_to_the_end()) == []


def test_a_head_that_comes_a_byte_at_a_time_ends_the_connection_too() -> None:
    with proxied(replaced=SHORT_HEAD) as one, one.connect() as connection:
        connection.send_raw(b"GET /live HTTP/1.1\r\nX: ")
        sent = 0
        while connection.send_raw(b"a"):
            sent += 1
            time.sleep(0.02)
            assert sent < 500, "it waits for ever"


def test_a_call_may_take_longer_than_a_head() -> None:
    async def slow(asked: Asked) -> dict[str, str]:
        await asyncio.sleep(1.3)
        return {"state": "open"}

    with proxied({"till.read": slow}, replaced=SHORT_HEAD) as one, client_of(one) as client:
        for _ in range(2):
            assert client.post("/v1/till/read", json={}).status_code == 200


def test_many_idle_connections_keep_nobody_out(behind: Proxied) -> None:
    with ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(behind.connect()).send_raw(b"GET /live HTTP/1.1\r\n")
        with client_of(behind) as client:
            assert client.post("/v1/till/read", json={}).status_code == 200


def test_the_gateway_is_told_who_asks_by_nginx_alone() -> None:
    forged = ("X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: http", "X-Forwarded-Host: evil", "X-Forwarded-Port: 1",
              "X-Forwarded-Prefix: /a", "X-Forwarded-Server: evil", "X-Real-IP: 1.2.3.4", "Forwarded: for=1.2.3.4",
              "X-Original-URL: /metrics", "X-Rewrite-URL: /metrics", "Proxy: http://evil")
    upstream = RecordingUpstream()
    try:
        with nginx_before(upstream.port) as (nginx, trusted):
            with Connection(nginx.address, trusted=trusted) as connection:
                connection.send(*LIVE, *forged, "X-Request-Id: kept", "Connection: close").read_to_the_end()
            [request] = upstream.requests
    finally:
        upstream.close()
    headers = sorted(request.decode().strip().lower().split("\r\n")[1:])
    assert headers == ["host: x", "x-forwarded-for: 127.0.0.1", "x-forwarded-proto: https", "x-request-id: kept"]


@pytest.mark.parametrize("path", ["/metrics", "//metrics", "/%6detrics", "/a/../metrics", "/metrics?a"])
def test_metrics_are_not_shown_outside(behind: Proxied, path: str) -> None:
    with behind.connect() as connection:
        answer = connection.send(f"GET {path} HTTP/1.1", "Host: x", "Connection: close").read_to_the_end()
    assert status_of(answer) == 404
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "not-found"


def test_without_an_answer_of_the_gateway_the_outcome_is_unknown() -> None:
    with proxied() as one:
        one.served.stop()
        one.served.wait()
        with client_of(one) as client:
            answer = client.post("/v1/till/read", json={})
        assert (answer.status_code, answer.json()["category"]) == (504, "outcome-unknown")
        assert '"event":"proxy.request.answered","status":504' in one.nginx.log


def test_the_log_of_nginx_holds_no_path(behind: Proxied) -> None:
    assert behind.statuses(head(*CHUNKED).replace(b"/till/", b"/canary-path/") + b"zz\r\n") == [400]
    assert '"event":"proxy.request.answered","status":400' in behind.nginx.log
    assert "canary-path" not in behind.nginx.log


def test_tls_is_needed_and_told(behind: Proxied) -> None:
    with Connection(behind.address) as connection:
        answer = connection.send(*LIVE).read_to_the_end()
    assert statuses_of(answer) == [400]
    assert b"application/problem+json" in answer
    with client_of(behind) as client:
        assert client.get("/live").headers["strict-transport-security"].startswith("max-age=")
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"{behind.address}/live")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize(("version", "taken"), [
    (ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True),
])
def test_tls_begins_at_1_2(behind: Proxied, version: ssl.TLSVersion, taken: bool) -> None:
    context = ssl.create_default_context(cafile=behind.trusted)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    parts = urlsplit(behind.address)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as plain:
        if taken:
            with context.wrap_socket(plain, server_hostname=parts.hostname) as secured:
                assert secured.version() == str(version.name).replace("_", ".")
        else:
            with pytest.raises(ssl.SSLError):
                context.wrap_socket(plain, server_hostname=parts.hostname)


def client_of(one: Proxied) -> httpx.Client:
    return httpx.Client(
        base_url=one.address, headers=BEARER, verify=ssl.create_default_context(cafile=one.trusted), timeout=10)
