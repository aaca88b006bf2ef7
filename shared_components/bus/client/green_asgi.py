"""The asyncio face of the blocking client, for an ASGI app that shares one thread with green services."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared_components.bus.client.blocking import BusClient
from shared_components.bus.green.greenlets import spawn
from shared_components.kernel.errors import AppError


class GreenBridge:
    """An AsyncBus over a BusClient; needs eventlet's asyncio hub."""

    def __init__(self, client: BusClient) -> None:
        self._client = client

    def start(self) -> None:
        """Begin to connect, so that the process is ready before its first call."""
        self._client.start()

    @property
    def connected(self) -> bool:
        return self._client.connected

    async def call(
        self, service: str, method: str, kwargs: Mapping[str, Any], *, timeout_s: float | None = None,
        op_id: str | None = None, context: Mapping[str, str] | None = None,
    ) -> Any:
        def ask() -> tuple[Any, AppError | None]:
            # An exception that ends a greenlet is printed with its traceback, though somebody waits for it.
            try:
                return self._client.call(
                    service, method, kwargs, timeout_s=timeout_s, op_id=op_id, context=context), None
            except AppError as error:
                return None, error

        result, error = await spawn(ask)
        if error is not None:
            raise error
        return result

    def stop(self) -> None:
        self._client.close()

    async def close(self) -> None:
        self.stop()
