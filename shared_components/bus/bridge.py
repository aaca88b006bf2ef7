"""The asyncio face of the blocking client, for an ASGI app that shares one thread with green services."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import eventlet

from shared_components.bus.client import BusClient


class GreenBridge:
    """An AsyncBus over a BusClient; needs eventlet's asyncio hub."""

    def __init__(self, client: BusClient) -> None:
        self._client = client

    @property
    def connected(self) -> bool:
        return self._client.connected

    async def call(
        self, service: str, method: str, kwargs: Mapping[str, Any], *, timeout_s: float | None = None,
        op_id: str | None = None, context: Mapping[str, str] | None = None,
    ) -> Any:
        return await eventlet.spawn(
            self._client.call, service, method, kwargs, timeout_s=timeout_s, op_id=op_id, context=context)

    async def close(self) -> None:
        self._client.close()
