"""httpx with one limit over a whole request: its own timeouts are for each read, so a dribbling peer never ends.

httpx takes no network backend of httpcore's, so the transport's pool is replaced (httpx 0.28); a test would notice.
"""
from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

from shared_components.kernel.time_limit import CutOff, Deadline, within

WRITTEN_AT_ONCE = 16 * 1024
_deadline: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def whole_limit(limit_s: float) -> Iterator[None]:
    """For requests over limited_transport() inside the block; raises httpx's timeouts when it is over."""
    token = _deadline.set(Deadline(limit_s))
    try:
        yield
    finally:
        _deadline.reset(token)


def limited_client(timeout_s: float, base_url: str = "") -> httpx.Client:
    """A client of one provider with one pool of kept connections; it is green where sockets are."""
    # No proxy from the environment: the address is configured, and what is sent there is for the provider alone.
    return httpx.Client(
        base_url=base_url, timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, 3)), trust_env=False,
        follow_redirects=False, transport=limited_transport(),
    )


def limited_transport() -> httpx.HTTPTransport:
    context = httpx.create_ssl_context(trust_env=False)
    transport = httpx.HTTPTransport(verify=context, trust_env=False)
    transport._pool = httpcore.ConnectionPool(
        ssl_context=context, network_backend=_Backend(), max_connections=100, max_keepalive_connections=20,
        keepalive_expiry=5.0)
    return transport


def _left_s(timeout: float | None, error: type[httpcore.TimeoutException]) -> float | None:
    deadline = _deadline.get()
    if deadline is None:
        return timeout
    if deadline.passed:
        raise error("the request's limit has passed")
    left = deadline.left_s()
    return left if timeout is None else min(timeout, left)


class _Backend(httpcore.NetworkBackend):
    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        limit_s = _left_s(timeout, httpcore.ConnectTimeout)

        def connect() -> httpcore.NetworkStream:
            return self._inner.connect_tcp(host, port, limit_s, local_address, socket_options)

        try:
            # The name's resolution knows no timeout.
            return _Stream(connect() if limit_s is None else within(limit_s, connect))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left_s(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for first in range(0, len(buffer), WRITTEN_AT_ONCE):
            piece = buffer[first:first + WRITTEN_AT_ONCE]
            self._inner.write(piece, _left_s(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        deadline = _deadline.get()
        limit_s = _left_s(timeout, httpcore.ConnectTimeout)
        if deadline is None:
            return _Stream(self._inner.start_tls(ssl_context, server_hostname, limit_s))
        with CutOff(self._inner.get_extra_info("socket"), deadline):
            return _Stream(self._inner.start_tls(ssl_context, server_hostname, limit_s))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
