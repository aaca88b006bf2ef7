"""One POST to an app's endpoint, with nothing left to the other side: address, redirects, size and time are ours.

The host is resolved once, every address of it is judged, and the connection goes to the first one, so what was judged
is what is connected to. TLS still verifies the certificate against the host's name.
"""
from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Mapping
from time import monotonic

import h11

from shared_components.kernel.time_limit import CutOff, Deadline, within
from shared_components.webhooks.errors import UrlRefused
from shared_components.webhooks.targets import Target, TargetPolicy
from shared_components.webhooks.webhook import Sent

RESPONSE_BYTES = 64 * 1024
HEAD_BYTES = 16 * 1024
PIECE = 8 * 1024
CUT_OFF = ("answer-malformed", "connection-failed", "tls-failed", "http-status", None)
"""How an exchange ends that was cut off at its deadline."""

Resolve = Callable[[str, int], list[str]]


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, in the system's order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Failed(Exception):
    """args[0]: the code that the delivery log shows."""


class HttpSender:
    """policy: what may be connected to; timeout_s: for the whole exchange, slow answers included."""

    def __init__(
        self, policy: TargetPolicy, *, timeout_s: float = 10, ca_file: str | None = None, resolve: Resolve = resolve
    ) -> None:
        self._policy = policy
        self._timeout_s = timeout_s
        self._resolve = resolve
        self._tls = ssl.create_default_context()
        if ca_file is not None:
            self._tls.load_verify_locations(ca_file)

    def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Sent:
        started, deadline = monotonic(), Deadline(self._timeout_s)
        status, failure = None, None
        try:
            status = self._exchange(self._policy.target(url), headers, body, deadline)
            failure = _judged(status)
        except UrlRefused:
            failure = "url-refused"
        except _Failed as failed:
            failure = str(failed)
        except TimeoutError:
            failure = "timeout"
        except ssl.SSLError:
            failure = "tls-failed"
        except h11.RemoteProtocolError:
            failure = "answer-malformed"
        except OSError:
            failure = "connection-failed"
        if failure in CUT_OFF and deadline.passed:
            status, failure = None, "timeout"
        return Sent(status, failure, round((monotonic() - started) * 1000))

    def _exchange(self, target: Target, headers: Mapping[str, str], body: bytes, deadline: Deadline) -> int:
        address = self._address(target, deadline)
        plain = socket.create_connection((address, target.port), timeout=deadline.left_s())
        try:
            with CutOff(plain, deadline), self._encrypted(plain, target) as connection:
                return _post(connection, target, headers, body)
        finally:
            plain.close()

    def _address(self, target: Target, deadline: Deadline) -> str:
        try:
            addresses = within(deadline.left_s(), lambda: self._resolve(target.host, target.port))
        except TimeoutError:
            raise
        except (OSError, UnicodeError):
            raise _Failed("host-not-found") from None
        # One bad address spoils them all: the next answer of that name server may have only that one.
        if not addresses or not all(self._policy.allows(address, target) for address in addresses):
            raise _Failed("address-refused")
        return addresses[0]

    def _encrypted(self, plain: socket.socket, target: Target) -> socket.socket:
        return plain if target.scheme == "http" else self._tls.wrap_socket(plain, server_hostname=target.host)


def _post(connection: socket.socket, target: Target, headers: Mapping[str, str], body: bytes) -> int:
    http = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD_BYTES)
    request = h11.Request(method="POST", target=target.path, headers=[
        ("Host", _host_header(target)), *headers.items(), ("Content-Length", str(len(body))), ("Connection", "close"),
    ])
    content = (http.send(request) or b"") + (http.send(h11.Data(data=body)) or b"")
    content += http.send(h11.EndOfMessage()) or b""
    connection.sendall(content)
    return _status(connection, http)


def _status(connection: socket.socket, http: h11.Connection) -> int:
    """Read the answer to its end, or as much of it as anybody needs; its text is of no interest."""
    received, status = 0, 0
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            piece = connection.recv(PIECE)
            received += len(piece)
            http.receive_data(piece)
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            return status
        if status and received > RESPONSE_BYTES:
            raise _Failed("answer-too-large")


def _judged(status: int) -> str | None:
    if 200 <= status < 300:
        return None
    return "redirect-refused" if 300 <= status < 400 else "http-status"


def _host_header(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    usual = 443 if target.scheme == "https" else 80
    return host if target.port == usual else f"{host}:{target.port}"
