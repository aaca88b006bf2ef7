"""The fault proxy itself: what it promises to do to a connection, seen from both ends."""
from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from shared_components.devstack.processes import LOOPBACK
from tests.faults.load import wait_for
from tests.faults.proxy import Proxy


class Echo:
    """A server that gives back what it gets, and notes how each connection has ended."""

    def __init__(self) -> None:
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port = int(self._listener.getsockname()[1])
        self.received = bytearray()
        self.ends: list[str] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            while chunk := connection.recv(4096):
                self.received += chunk
                connection.sendall(chunk)
            self.ends.append("end of file")
            connection.sendall(b"still here")
        except OSError as error:
            self.ends.append(type(error).__name__)
        finally:
            connection.close()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    yield server
    server.close()


@pytest.fixture
def proxy(echo: Echo) -> Iterator[Proxy]:
    with Proxy(echo.port) as proxy:
        yield proxy


@pytest.fixture
def client(proxy: Proxy) -> Iterator[socket.socket]:
    with socket.create_connection((LOOPBACK, proxy.port), timeout=5) as connection:
        assert said(connection, b"hello") == b"hello"
        yield connection


def said(connection: socket.socket, text: bytes) -> bytes:
    connection.sendall(text)
    return heard(connection, len(text))


def heard(connection: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count and (chunk := connection.recv(count - len(found))):
        found += chunk
    return found


def hears_nothing(connection: socket.socket) -> bool:
    connection.settimeout(0.3)
    try:
        return connection.recv(1) is None
    except TimeoutError:
        return True
    finally:
        connection.settimeout(5)


def test_bytes_pass_unchanged_both_ways(proxy: Proxy, client: socket.socket) -> None:
    text = bytes(range(256)) * 2000
    sender = threading.Thread(target=client.sendall, args=(text,))
    sender.start()
    assert heard(client, len(text)) == text
    sender.join(5)
    assert proxy.passed_bytes == {"up": len(text) + 5, "down": len(text) + 5}


def test_a_delay_holds_each_chunk_back(proxy: Proxy, client: socket.socket) -> None:
    proxy.delay(0.2, "down")
    began = time.monotonic()
    assert said(client, b"slow") == b"slow"
    assert time.monotonic() - began >= 0.2


def test_a_black_hole_upwards_swallows_what_is_sent_and_tells_nobody(
    proxy: Proxy, client: socket.socket, echo: Echo
) -> None:
    proxy.black_hole("up")
    client.sendall(b"gone")
    assert hears_nothing(client)
    assert bytes(echo.received) == b"hello" and echo.ends == []


def test_a_black_hole_downwards_lets_the_server_hear(proxy: Proxy, client: socket.socket, echo: Echo) -> None:
    proxy.black_hole("down")
    client.sendall(b"heard")
    assert hears_nothing(client)
    assert bytes(echo.received) == b"helloheard"


def test_a_new_connection_into_a_black_hole_opens_and_hears_nothing(proxy: Proxy) -> None:
    proxy.black_hole()
    with socket.create_connection((LOOPBACK, proxy.port), timeout=5) as late:
        late.sendall(b"anybody?")
        assert hears_nothing(late)


def test_after_healing_what_lost_bytes_is_reset_and_a_new_connection_works(
    proxy: Proxy, client: socket.socket
) -> None:
    proxy.black_hole("up")
    client.sendall(b"gone")
    assert hears_nothing(client)
    proxy.heal()
    with pytest.raises(ConnectionResetError):
        heard(client, 1)
    with socket.create_connection((LOOPBACK, proxy.port), timeout=5) as fresh:
        assert said(fresh, b"again") == b"again"


def test_a_connection_that_lost_nothing_survives_the_healing(proxy: Proxy, client: socket.socket) -> None:
    proxy.black_hole()
    proxy.heal()
    assert said(client, b"untouched") == b"untouched"


def test_a_reset_reaches_both_sides(proxy: Proxy, client: socket.socket, echo: Echo) -> None:
    proxy.reset()
    with pytest.raises(ConnectionResetError):
        heard(client, 1)
    assert wait_for(lambda: echo.ends == ["ConnectionResetError"], 5), echo.ends
    assert proxy.connections == 0


def test_a_half_close_upwards_ends_the_server_s_input_only(proxy: Proxy, client: socket.socket, echo: Echo) -> None:
    proxy.half_close("up")
    assert heard(client, 10) == b"still here"
    assert echo.ends == ["end of file"]


def test_a_cut_passes_exactly_so_many_bytes_and_resets(proxy: Proxy, client: socket.socket, echo: Echo) -> None:
    proxy.cut_after(3, "up")
    client.sendall(b"abcdef")
    with pytest.raises(ConnectionResetError):
        heard(client, 100)
        heard(client, 100)
    assert wait_for(lambda: len(echo.ends) == 1, 5)
    assert bytes(echo.received) == b"helloabc"


def test_a_server_that_is_not_there_is_a_reset() -> None:
    with socket.create_server((LOOPBACK, 0)) as nobody:
        port = int(nobody.getsockname()[1])
    with Proxy(port) as proxy, pytest.raises(ConnectionResetError):  # noqa: SIM117
        with socket.create_connection((LOOPBACK, proxy.port), timeout=5) as connection:
            heard(connection, 1)
