"""A copy of the directory's apps, read from identity and kept for seconds."""
from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from services.gateway.domain.apps import App
from services.gateway.domain.errors import DirectoryNotReached
from shared_components.bus.client.asyncio_ import AsyncBus
from shared_components.kernel.errors import AppError

SERVICE, METHOD = "identity", "find_apps"
REFRESH_S, STALE_S, TIMEOUT_S = 2.0, 10.0, 5.0
PAGE = 100


class AppDirectory:
    """Apps by the hash of a key.

    A copy older than REFRESH_S is read anew beside the request; one older than STALE_S is not believed: a key may
    have been revoked since. seconds: a clock that never goes back.
    """

    def __init__(self, bus: AsyncBus, seconds: Callable[[], float] = time.monotonic) -> None:
        self._bus, self._seconds = bus, seconds
        self._apps: Mapping[str, tuple[App, int]] = {}
        self._read_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    async def find(self, key_sha256: str) -> tuple[App, int] | None:
        """The app, and which of its keys it is, from 1; 0 when it has one. Raises DirectoryNotReached."""
        age = self._seconds() - self._read_at
        if age >= REFRESH_S:
            reading = self._read_beside()
            if age >= STALE_S:
                await asyncio.shield(reading)
                if self._seconds() - self._read_at >= STALE_S:
                    raise DirectoryNotReached(details={"retry_after_s": 1})
        return self._apps.get(key_sha256)

    def _read_beside(self) -> asyncio.Task[None]:
        """One reading at a time, whoever waits for it."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.get_running_loop().create_task(self._read())
        return self._reading

    async def _read(self) -> None:
        begun, after = self._seconds(), None
        found: dict[str, tuple[App, int]] = {}
        try:
            while True:
                page = await self._bus.call(
                    SERVICE, METHOD, {"limit": PAGE, "after": after}, timeout_s=TIMEOUT_S, context={})
                found.update(entry for item in page["items"] for entry in _keys_of(item))
                after = page["next"]
                if after is None:
                    break
        except AppError:
            return  # The copy of before grows old, and whoever asks hears of it.
        self._apps, self._read_at = found, begun


def _keys_of(item: Mapping[str, Any]) -> Iterator[tuple[str, tuple[App, int]]]:
    for door in item["doors"]:
        keys = tuple(door["keys_sha256"])
        app = App(
            door["caller"], door["tenant"], keys, tuple(door["scopes"]), door["in_flight"], door["calls_per_s"])
        for number, key in enumerate(keys, 1):
            yield key, (app, number if len(keys) > 1 else 0)
