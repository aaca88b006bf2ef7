"""The gateway behind Debian's nginx with the shipped configuration."""
from __future__ import annotations

import re
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from shared_components.devstack.nginx import PrivateNginx
from shared_components.devstack.processes import LOOPBACK
from tests.certificates import Authority
from tests.integration.gateway.served import Served, serving
from tests.integration.gateway.sockets import Connection
from tests.unit.gateway.fake_bus import Asked

DEPLOY = Path(__file__).parents[3] / "deploy" / "nginx"


class Proxied:
    """trusted: the authority of its certificate. served: the gateway behind it."""

    def __init__(self, nginx: PrivateNginx, trusted: Path, served: Served) -> None:
        self.nginx, self.trusted, self.served = nginx, trusted, served
        self.address = nginx.address

    def connect(self) -> Connection:
        return Connection(self.address, trusted=self.trusted)

    def statuses(self, content: bytes, *, then: bytes = b"") -> list[int]:
        """The statuses of all answers until nginx closes."""
        with self.connect() as connection:
            if connection.send_raw(content):
                connection.send_raw(then)
            return statuses_of(connection.read_to_the_end())


def statuses_of(answers: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answers)]


@contextmanager
def nginx_before(port: int, replaced: Mapping[str, str] | None = None) -> Iterator[tuple[PrivateNginx, Path]]:
    with TemporaryDirectory() as folder:
        authority = Authority(Path(folder))
        files = authority.issue(LOOPBACK)
        with PrivateNginx(
            DEPLOY, gateway_port=port, certificate=Path(files["tls_certificate_file"]), key=Path(files["tls_key_file"]),
            replaced=replaced,
        ) as nginx:
            yield nginx, authority.path


@contextmanager
def proxied(
    answers: dict[str, Callable[[Asked], Awaitable[Any]]] | None = None, *,
    replaced: Mapping[str, str] | None = None, **changes: Any,
) -> Iterator[Proxied]:
    """replaced: text of nginx.conf → other text; changes: of the gateway's settings."""
    with serving(answers, **changes) as served:
        port = urlsplit(served.address).port
        assert port is not None
        with nginx_before(port, replaced) as (nginx, trusted):
            yield Proxied(nginx, trusted, served)


class RecordingUpstream:
    """Answers each connection once, and keeps the bytes that came."""

    def __init__(self) -> None:
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self.requests: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                with connection:
                    self.requests.append(_whole_request(connection))
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


def _whole_request(connection: socket.socket) -> bytes:
    """A head, and with Transfer-Encoding the chunks until the last."""
    content = b""
    while not _is_whole(content):
        part = connection.recv(65_536)
        if not part:
            break
        content += part
    return content


def _is_whole(content: bytes) -> bool:
    head, end, body = content.partition(b"\r\n\r\n")
    return bool(end) and (b"transfer-encoding: chunked" not in head.lower() or body.endswith(b"0\r\n\r\n"))
