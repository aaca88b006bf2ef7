"""One thread reads a TLS socket while others write it."""
from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared_components.bus.amqp.tls_stream import TlsStream
from tests.certificates import Authority

SIZE, PATIENCE_S = 8_000_000, 20.0


@pytest.fixture
def ends(tmp_path: Path) -> Iterator[tuple[ssl.SSLSocket, ssl.SSLSocket]]:
    """The stream's socket, and the broker's."""
    authority = Authority(tmp_path)
    files = authority.issue("localhost")
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(files["tls_certificate_file"], files["tls_key_file"])
    ours, theirs = socket.socketpair()
    accepted: list[ssl.SSLSocket] = []
    accepting = threading.Thread(target=lambda: accepted.append(server.wrap_socket(theirs, server_side=True)))
    accepting.start()
    client = ssl.create_default_context(cafile=str(authority.path)).wrap_socket(ours, server_hostname="localhost")
    accepting.join()
    with client, accepted[0]:
        yield client, accepted[0]


def received(stream: TlsStream, size: int) -> bytes:
    found = b""
    while len(found) < size:
        found += stream.recv(65536)
    return found


def test_who_writes_to_a_peer_that_does_not_read_keeps_nobody_from_reading(
    ends: tuple[ssl.SSLSocket, ssl.SSLSocket],
) -> None:  # fmt: skip
    ours, theirs = ends
    stream, up, down = TlsStream(ours), b"u" * SIZE, b"d" * SIZE
    arrived: list[bytes] = []

    def broker() -> None:
        theirs.sendall(down)  # all of it, before it reads anything
        while len(b"".join(arrived)) < SIZE:
            arrived.append(theirs.recv(1 << 20))

    threads = [threading.Thread(target=broker, daemon=True),
               threading.Thread(target=stream.sendall, args=(up,), daemon=True)]  # fmt: skip
    for thread in threads:
        thread.start()
    assert received(stream, SIZE) == down
    for thread in threads:
        thread.join(PATIENCE_S)
    assert b"".join(arrived) == up


def test_a_reader_that_waits_keeps_nobody_from_writing_and_hears_of_the_end(
    ends: tuple[ssl.SSLSocket, ssl.SSLSocket],
) -> None:  # fmt: skip
    ours, theirs = ends
    stream, heard = TlsStream(ours), list[bytes]()
    reading = threading.Thread(target=lambda: heard.append(stream.recv(10)), daemon=True)
    reading.start()
    stream.sendall(b"hello")
    assert theirs.recv(10) == b"hello"
    ours.shutdown(socket.SHUT_RDWR)
    reading.join(PATIENCE_S)
    assert heard == [b""]
    with pytest.raises(OSError):
        stream.sendall(b"x")
