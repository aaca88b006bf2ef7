"""The HTTP server that carries the edge, without nginx: strange, slow and many connections, and the end of it."""
from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from services.gateway.adapters import incoming
from tests.integration.gateway.proxied import statuses_of
from tests.integration.gateway.served import READ, TYPED, Served, serving
from tests.integration.gateway.sockets import Connection, status_of
from tests.unit.gateway.fake_bus import Asked
from tests.unit.gateway.world import KEY_A

BEARER = {"Authorization": f"Bearer {KEY_A}"}
@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving() as one:
        yield one


@pytest.mark.parametrize("content", [
    b"GET /li ve HTTP/1.1\r\nHost: x\r\n\r\n",
    b"nonsense\r\n\r\n",
    b"GET /live HTTP/1.1\nHost: x\n\n",
    b"GET /live HTTP/1.1\r\nHost: x\r\nX\x00: a\r\n\r\n",
    b"GET /live HTTP/1.1\r\nHost: x\r\nX : a\r\n\r\n",
    *(f"{READ}\r\nHost: x\r\n{framing}\r\n\r\n{{}}".encode() for framing in (
        "Content-Length: 5\r\nContent-Length: 6", "Content-Length: -1", "Content-Length: 1e3",
        "Transfer-Encoding: chunked, identity", "Transfer-Encoding: chunked\r\nContent-Length: 2")),
    *(f"{READ}\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{body}".encode() for body in (
        "0x2\r\n{}\r\n0\r\n\r\n", "2\n{}\n0\n\n", "2\r\n{}xx0\r\n\r\n")),
])
def test_the_parser_refuses_a_malformed_request_and_ends_the_connection(served: Served, content: bytes) -> None:
    with Connection(served.address) as connection:
        connection.send_raw(content)
        answer = connection.read_to_the_end()
    assert (answer.count(b"HTTP/1.1 "), status_of(answer)) == (1, 400)
    assert served.edge.ask("/live", "GET").status_code == 200


@pytest.mark.parametrize("content", [
    b"GET /live HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
    b"GET /live HTTP/1.1\r\nConnection: close\r\n\r\n",
    b"GET /live HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: " + b"a" * 600_000 + b"\r\n\r\n",
])
def test_without_nginx_a_client_is_served_what_the_guide_for_operations_says(served: Served, content: bytes) -> None:
    with Connection(served.address) as connection:
        connection.send_raw(content)
        assert status_of(connection.read_to_the_end()) == 200


@pytest.mark.parametrize("framed", [
    ("Content-Length: 2", b"{}"), ("Transfer-Encoding: chunked", b"2\r\n{}\r\n0\r\n\r\n"),
])
@pytest.mark.parametrize("piece_bytes", [1, 10_000])
def test_the_body_of_a_request_that_offers_an_upgrade_is_read(
    served: Served, framed: tuple[str, bytes], piece_bytes: int,
) -> None:
    lines = (READ, *TYPED, "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", framed[0])
    content = "\r\n".join(lines).encode() + b"\r\n\r\n" + framed[1]
    content += b"GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with Connection(served.address) as connection:
        for start in range(0, len(content), piece_bytes):
            connection.send_raw(content[start:start + piece_bytes])
        answer = connection.read_to_the_end()
    assert statuses_of(answer) == [200, 404]


def test_a_request_hidden_in_the_body_of_one_that_offers_an_upgrade_is_not_read(served: Served) -> None:
    hidden = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
    with Connection(served.address) as connection:
        offered = ("Connection: Upgrade", "Upgrade: h2c")
        connection.send(READ, *TYPED, *offered, f"Content-Length: {len(hidden)}", body=hidden)
        connection.send("GET /next HTTP/1.1", "Host: x", "Connection: close")
        assert statuses_of(connection.read_to_the_end()) == [400, 404]


def test_a_get_that_offers_an_upgrade_is_answered(served: Served) -> None:
    with Connection(served.address) as connection:
        connection.send("GET /live HTTP/1.1", "Host: x", "Connection: Upgrade", "Upgrade: websocket")
        connection.send("GET /next HTTP/1.1", "Host: x", "Connection: close")
        assert statuses_of(connection.read_to_the_end()) == [200, 404]


def test_a_header_of_ours_cannot_be_forged_by_a_value_that_comes_back(served: Served) -> None:
    with Connection(served.address) as connection:
        answer = connection.send(
            READ, *TYPED, "X-Request-Id: a%0d%0aSet-Cookie: b=1", "Idempotency-Key: a%0aX: y", "Content-Length: 2",
            "Connection: close", body=b"{}").read_to_the_end()
    assert b"set-cookie" not in answer.lower()
    assert status_of(answer) == 400


@pytest.mark.parametrize("body", [b"5\r\n{}   \r\n0\r\n\r\n", b"1\r\n{\r\n1\r\n}\r\n0\r\nX: y\r\n\r\n"])
def test_a_chunked_body_is_read(served: Served, body: bytes) -> None:
    with Connection(served.address) as connection:
        answer = connection.send(
            READ, *TYPED, "Transfer-Encoding: chunked", "Connection: close", body=body).read_to_the_end()
    assert status_of(answer) == 200, answer


def test_a_body_of_two_lengths_is_one_request_and_no_second_is_smuggled_in_it(served: Served) -> None:
    smuggled = b"2\r\n{}\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    with Connection(served.address) as connection:
        connection.send(READ, *TYPED, f"Content-Length: {len(smuggled)}", "Transfer-Encoding: chunked", body=smuggled)
        answer = connection.read_to_the_end()
    assert answer.count(b"HTTP/1.1 ") == 1
    assert status_of(answer) == 400


def test_requests_on_one_connection_are_answered_in_order(served: Served) -> None:
    request = "\r\n".join([READ, *TYPED, "X-Request-Id: {}", "Content-Length: 2", "", "{{}}"])
    with Connection(served.address) as connection:
        connection.send_raw("".join(request.format(number) for number in range(5)).encode())
        connection.send("GET /live HTTP/1.1", "Host: x", "Connection: close")
        answer = connection.read_to_the_end()
    places = [answer.index(f"x-request-id: {number}\r\n".encode()) for number in range(5)]
    assert places == sorted(places)


def test_a_client_that_may_send_is_told_so(served: Served) -> None:
    with Connection(served.address) as connection:
        connection.send(READ, *TYPED, "Expect: 100-continue", "Content-Length: 2", "Connection: close")
        assert status_of(connection.read_some()) == 100
        connection.send_raw(b"{}")
        assert status_of(connection.read_to_the_end()) == 200


def test_a_client_with_a_wrong_key_is_not_told_to_send(served: Served) -> None:
    with Connection(served.address) as connection:
        connection.send(READ, "Host: x", "Expect: 100-continue", "Content-Length: 200000")
        assert status_of(connection.read_to_the_end()) == 401


def test_a_body_that_stops_coming_is_408_and_ends_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "LONGEST_LINGER_S", 0.2)
    with serving(body_timeout_s=0.3) as one, Connection(one.address) as connection:
        connection.send(READ, *TYPED, "Content-Length: 100", body=b'{"order_id"')
        assert status_of(connection.read_to_the_end()) == 408


def test_a_body_without_end_ends_the_connection(served: Served) -> None:
    sent = 0
    with Connection(served.address) as connection:
        connection.send(READ, *TYPED, "Transfer-Encoding: chunked")
        while connection.send_raw(b"10000\r\n" + b"x" * 65_536 + b"\r\n"):
            sent += 65_536
            assert sent < 512 * 1024 * 1024, "it reads for ever"


def test_many_idle_connections_keep_nobody_out(served: Served) -> None:
    with ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(Connection(served.address)).send_raw(b"GET /live HTTP/1.1\r\n")
        assert httpx.post(f"{served.address}/v1/till/read", json={}, headers=BEARER).status_code == 200


def test_many_requests_at_once_are_all_answered(served: Served) -> None:
    async def ask_all() -> list[int]:
        limits = httpx.Limits(max_connections=100)
        async with httpx.AsyncClient(base_url=served.address, headers=BEARER, limits=limits, timeout=30) as client:
            return [answer.status_code for answer in await asyncio.gather(
                *(client.post("/v1/till/read", json={"order_id": str(number)}) for number in range(200)))]

    assert asyncio.run(ask_all()) == [200] * 200


def test_a_graceful_stop_finishes_what_runs_and_takes_no_more() -> None:
    begun = threading.Event()

    async def slow(asked: Asked) -> dict[str, str]:
        begun.set()
        await asyncio.sleep(0.7)
        return {"state": "open"}

    with serving({"till.read": slow}) as one:
        answers: list[httpx.Response] = []
        asking = threading.Thread(target=lambda: answers.append(
            httpx.post(f"{one.address}/v1/till/read", json={}, headers=BEARER)))
        with Connection(one.address) as idle:
            asking.start()
            assert begun.wait(10)
            one.stop()
            assert idle.read_to_the_end() == b""
        one.wait()
        asking.join(10)
        assert [answer.status_code for answer in answers] == [200]
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{one.address}/live")


def test_a_client_that_leaves_harms_nobody(served: Served) -> None:
    for _ in range(20):
        with Connection(served.address) as connection:
            connection.send(READ, *TYPED, "Content-Length: 100", body=b"{")
    assert httpx.post(f"{served.address}/v1/till/read", json={}, headers=BEARER).status_code == 200
