"""The edge's listener, and its way to the broker."""
from __future__ import annotations

import asyncio
import logging
import random
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from shared_components.amqp_proxy.limits import Addresses, Limits
from shared_components.amqp_proxy.refusal import CONNECTION_FORCED
from shared_components.amqp_proxy.relay import AppSide, BrokerSide
from shared_components.bus.amqp.urls import checked_url
from shared_components.configuration.listen_addresses import PortInUse, check_free
from shared_components.kernel.broker_nodes import nodes_of
from shared_components.observability.metrics import METRICS
from shared_components.observability.rate_limited_log import RateLimitedLog

log = logging.getLogger(__name__)

CONNECT_TIMEOUT_S = 5.0
# Apps that are told to leave get this long.
LEAVING_S = 5.0
# What has been sent and is not acknowledged for so long was sent to nobody.
USER_TIMEOUT_MS = 30_000
# After so long without a word a peer is asked whether it is still there.
QUIET_S = 60
# So many connections are also taken in one go, before others get their turn.
BACKLOG = 128
PORTS = {"amqp": 5672, "pyamqp": 5672, "amqps": 5671}


class Edge:
    """Listens for apps while `serve` runs. broker_url: host and port count; apps bring their own users."""

    def __init__(
        self, broker_url: str, limits: Limits, *, host: str, port: int, tls: ssl.SSLContext | None = None,
    ) -> None:
        """tls: apps then speak it. Raises InvalidInput for the URL, PortInUse."""
        nodes = [urlsplit(node) for node in nodes_of(checked_url(broker_url, tuple(PORTS)))]
        self.nodes = [(str(node.hostname), node.port or PORTS[node.scheme]) for node in nodes]
        self._broker_tls = ssl.create_default_context() if nodes[0].scheme == "amqps" else None
        self.limits, self.host, self.port, self.tls = limits, host, port, tls
        self._addresses, self._apps = Addresses(limits), set[AppSide]()
        self._limited_log, self._slowness = RateLimitedLog(every_s=1), RateLimitedLog(every_s=60)
        self._listener = f"{host}:{port}"
        self.listening = False
        check_free(host, port, "edge.port")

    async def serve(self, stopping: asyncio.Event) -> None:
        """Until told to stop; then apps hear that they are to connect again. Raises PortInUse."""
        try:
            server = await asyncio.get_running_loop().create_server(
                lambda: AppSide(self), self.host, self.port, backlog=BACKLOG)
        except OSError as error:  # since `check_free`
            raise PortInUse("edge.port", self.host, self.port, error.strerror or type(error).__name__) from None
        self.port = server.sockets[0].getsockname()[1]
        self.listening = True
        log.info("edge.listening", extra={"host": self.host, "port": self.port, "tls": self.tls is not None,
                                          "broker": ", ".join(f"{node}:{port}" for node, port in self.nodes)})
        try:
            await stopping.wait()
        finally:
            self.listening = False
            server.close()
            await self._send_apps_away()
            log.info("edge.stopped", extra={"host": self.host, "port": self.port})

    async def _send_apps_away(self) -> None:
        for app in list(self._apps):
            app.end(CONNECTION_FORCED, "the edge is being stopped; connect again")
        deadline = asyncio.get_running_loop().time() + LEAVING_S
        while self._apps and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110 -- each leaves by itself
            await asyncio.sleep(0.02)
        for app in list(self._apps):
            app.abort()

    def broker_answers(self) -> str | None:
        """A check of readiness: whether a node's port can be connected to."""
        reason = ""
        for node in self.nodes:
            try:
                socket.create_connection(node, timeout=1).close()
            except OSError as error:
                reason = error.strerror or type(error).__name__
            else:
                return None
        return f"the broker cannot be reached: {reason}"

    # what connections ask and tell

    def enter(self, app: AppSide) -> float:
        wait = self._addresses.enter(app.peer[0], _now())
        self._apps.add(app)
        METRICS.child(METRICS.edge_connections, self._listener).inc()
        _watch_for_death(app)
        return wait

    def leave(self, app: AppSide) -> None:
        self._apps.discard(app)
        self._addresses.leave(app.peer[0])
        METRICS.child(METRICS.edge_connections, self._listener).dec()

    def refused(self, app: AppSide, reason: str, text: str) -> None:
        METRICS.child(METRICS.edge_refusals, reason).inc()
        self._limited_log.tell("edge.app.refused", _now(), reason=reason, detail=text, **_who(app))

    def slowed(self, app: AppSide, seconds: float) -> None:
        METRICS.child(METRICS.edge_slowed_seconds, self._listener).inc(seconds)
        self._slowness.tell("edge.app.slowed", _now(), bytes_per_s=self.limits.bytes_per_s, **_who(app))

    def unreachable(self, app: AppSide, error: Exception) -> None:
        METRICS.child(METRICS.edge_refusals, "broker-unreachable").inc()
        self._limited_log.tell("edge.broker.unreachable", _now(), error=type(error).__name__, **_who(app))

    def passed(self, direction: str, size: int) -> None:
        METRICS.child(METRICS.edge_bytes, direction).inc(size)

    async def connect(self, side: Callable[[], BrokerSide]) -> object:
        """Connect to the first node that accepts. Raises OSError (so a timeout is), UnicodeError."""
        *others, last = random.sample(self.nodes, len(self.nodes))
        for host, port in others:
            with suppress(OSError):
                return await self._connect(side, host, port)
        return await self._connect(side, *last)

    async def _connect(self, side: Callable[[], BrokerSide], host: str, port: int) -> object:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            return await asyncio.get_running_loop().create_connection(side, host, port, ssl=self._broker_tls)


def _who(app: AppSide) -> Mapping[str, Any]:
    """How RabbitMQ names the connection is by the edge's own port, where there is one."""
    address, port = app.peer
    return {"peer": f"{address}:{port}", "port_at_broker": app.port_at_broker}


def _now() -> float:
    return asyncio.get_running_loop().time()


def _watch_for_death(app: AppSide) -> None:
    """A peer whose machine has gone says nothing: the kernel asks."""
    assert app.transport is not None
    connection = app.transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, QUIET_S)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, QUIET_S // 4)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, USER_TIMEOUT_MS)
