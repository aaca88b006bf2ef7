"""Serves an ASGI app: alone on asyncio, or beside green services in one thread on eventlet's asyncio hub."""
from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from shared_components.configuration.listen_addresses import check_free
from shared_components.http.upgrades import UpgradeIgnoringProtocol


class _Server(uvicorn.Server):
    """Leaves signals to the process that hosts it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class AsgiHost:
    """One ASGI app at one address."""

    def __init__(self, app: Any, *, host: str, port: int, stop_timeout_s: float) -> None:
        check_free(host, port)
        self._server = _Server(uvicorn.Config(
            app, host=host, port=port, loop="none", lifespan="on", access_log=False, log_config=None,
            server_header=False, timeout_graceful_shutdown=int(stop_timeout_s),
            # Name both protocols: otherwise uvicorn takes whichever package is installed.
            http=UpgradeIgnoringProtocol, ws="none",
            # The gateway uses no client address.
            proxy_headers=False,
        ))
        self._ended = threading.Event()

    def start_green(self) -> None:
        """Serve from greenlets; needs eventlet's asyncio hub."""
        from shared_components.bus.green.greenlets import spawn, spawn_for_awaitable

        def serve() -> None:
            try:
                spawn_for_awaitable(self._server.serve()).wait()
            finally:
                self._ended.set()

        spawn(serve)

    def stop_green(self, timeout_s: float) -> None:
        self._server.should_exit = True
        self._ended.wait(timeout_s)

    async def serve(self, stopping: asyncio.Event) -> None:
        """Serve on this event loop until told to stop."""
        serving = asyncio.create_task(self._server.serve())
        waiting = asyncio.create_task(stopping.wait())
        await asyncio.wait([serving, waiting], return_when=asyncio.FIRST_COMPLETED)
        self._server.should_exit = True
        waiting.cancel()
        await serving

    @property
    def started(self) -> bool:
        return self._server.started
