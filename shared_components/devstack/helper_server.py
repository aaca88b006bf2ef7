"""Helper servers of development: they listen before they say so, end on SIGTERM, and never outlive their parent."""
from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn

PARENT_POLL_S = 0.5


class Server(uvicorn.Server):
    """Stops on SIGTERM and SIGINT with exit code 0; uvicorn's own would kill the process with the signal again."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._leave)
        yield

    def _leave(self) -> None:
        self.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """Listening before the line is printed: whoever reads it may connect at once."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(128)
    return listener


def serve(application: Any, listener: socket.socket, *, end_with_parent: bool) -> None:
    """Serve an ASGI application until a signal, or until the parent has ended."""
    server = Server(uvicorn.Config(application, log_level="warning", access_log=False, timeout_graceful_shutdown=2))
    asyncio.run(_serve(server, listener, end_with_parent=end_with_parent))


async def _serve(server: Server, listener: socket.socket, *, end_with_parent: bool) -> None:
    watching = asyncio.create_task(_watch_parent(server)) if end_with_parent else None
    await server.serve(sockets=[listener])
    if watching is not None:
        watching.cancel()


async def _watch_parent(server: Server) -> None:
    """However the parent ends, also by SIGKILL, nobody is left behind."""
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110 -- no event tells it
        await asyncio.sleep(PARENT_POLL_S)
    server.should_exit = True
