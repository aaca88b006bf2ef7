"""HTTP as no library would write it: bytes on a connection."""
from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

PATIENCE_S = 15.0


class Connection:
    """Sends what it is told, and reads whatever comes back. trusted: the certificate authority, for TLS."""

    def __init__(self, address: str, *, trusted: Path | None = None) -> None:
        parts = urlsplit(address)
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE_S)
        if trusted is not None:
            context = ssl.create_default_context(cafile=trusted)
            self._socket = context.wrap_socket(self._socket, server_hostname=parts.hostname)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def send(self, *lines: str, body: bytes = b"") -> Self:
        """A request's head, and what follows it."""
        self._socket.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        return self

    def send_raw(self, content: bytes) -> bool:
        """False when the other side has gone."""
        try:
            self._socket.sendall(content)
        except OSError:
            return False
        return True

    def read_to_the_end(self) -> bytes:
        """All that comes until the other side closes. Raises TimeoutError when it does not."""
        parts: list[bytes] = []
        with suppress(ConnectionError, ssl.SSLEOFError):
            while part := self._socket.recv(65_536):
                parts.append(part)
        return b"".join(parts)

    def read_some(self) -> bytes:
        return self._socket.recv(65_536)


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])
