"""The edge behind the HTTP server of the product, at an address of its own."""
from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from shared_components.devstack.processes import LOOPBACK, free_port
from shared_components.http.asgi import AsgiHost
from tests.unit.gateway.fake_bus import Asked
from tests.unit.gateway.world import KEY_A, Edge

READ = "POST /v1/till/read HTTP/1.1"
TYPED = ("Host: x", f"Authorization: Bearer {KEY_A}", "Content-Type: application/json")


class Served:
    """The edge at an address; `stop` begins a graceful end."""

    def __init__(self, edge: Edge) -> None:
        self.edge = edge
        self._port = free_port()
        self.address = f"http://{LOOPBACK}:{self._port}"
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def start(self) -> None:
        self._thread.start()
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                httpx.get(f"{self.address}/live")
                return
            except httpx.TransportError:
                time.sleep(0.02)
        raise AssertionError("not listening")

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        await AsgiHost(self.edge.app, host=LOOPBACK, port=self._port, stop_timeout_s=10).serve(self._stopping)

    def stop(self) -> None:
        assert self._loop is not None
        assert self._stopping is not None
        self._loop.call_soon_threadsafe(self._stopping.set)

    def wait(self) -> None:
        self._thread.join(20)
        assert not self._thread.is_alive()


@contextmanager
def serving(answers: dict[str, Callable[[Asked], Awaitable[Any]]] | None = None, **changes: Any) -> Iterator[Served]:
    served = Served(Edge(answers, **changes))
    served.start()
    try:
        yield served
    finally:
        if served._thread.is_alive():
            served.stop()
        served.wait()
