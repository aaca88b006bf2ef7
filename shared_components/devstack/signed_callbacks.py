"""Callbacks of a sandbox: signed HTTP requests, made again and again until the receiver says that it has heard."""
from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx

from shared_components.security.request_signing import sign

RETRY_WAITS_S = (0.5, 1, 2, 4, 8, 15, 30, 60)
Kind = TypeVar("Kind", bound="CallbackFaults")


@dataclass(frozen=True)
class CallbackFaults:
    """delay_s: before each callback; duplicates: extra copies; disorder_s: random extra delay, up to this.

    loss, error_before_work, error_after_work: probabilities 0–1 that a callback is never sent, that a request is
    answered with HTTP 503 and not done, or done. answer_s: how long each answer takes.
    """

    delay_s: float = 0
    duplicates: int = 0
    disorder_s: float = 0
    loss: float = 0
    answer_s: float = 0
    error_before_work: float = 0
    error_after_work: float = 0
    seed: int | None = None


def changed_faults(faults: Kind, changes: Any) -> Kind:
    """Raises ValueError, naming the field."""
    if not isinstance(changes, dict):
        raise ValueError("faults are a JSON object")
    changeable = [each.name for each in fields(faults) if each.name != "seed"]
    for name, value in changes.items():
        if name not in changeable:
            raise ValueError(f"there is no fault {name!r}; there are {', '.join(changeable)}")
        whole = name == "duplicates"
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or not 0 <= value <= 3600:
            raise ValueError(f"{name} is a {'whole ' if whole else ''}number of 0 or more, 3600 at most")
    return replace(faults, **changes)


class SignedCallbacks:
    """key_id: of the account that is told; key: the secret shared with it. retry_waits_s: between deliveries."""

    def __init__(
        self, *, key_id: str, key: bytes, faults: CallbackFaults, retry_waits_s: tuple[float, ...] = RETRY_WAITS_S,
    ) -> None:
        self.random = random.Random(faults.seed)
        self.key_id = key_id
        self._key = key
        self._retry_waits_s = retry_waits_s
        self._client = httpx.AsyncClient(timeout=10, trust_env=False, follow_redirects=False)
        self._tasks: set[asyncio.Task[None]] = set()

    def delays_s(self, faults: CallbackFaults) -> list[float]:
        """When each copy of a callback is sent; none for one that is lost."""
        if self.happens(faults.loss):
            return []
        return [faults.delay_s + self.random.uniform(0, faults.disorder_s) for _ in range(1 + faults.duplicates)]

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)  # the loop itself holds tasks only weakly
        task.add_done_callback(self._tasks.discard)

    def happens(self, probability: float) -> bool:
        return self.random.random() < probability

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    async def deliver(self, url: str, body: bytes, delay_s: float = 0) -> None:
        await asyncio.sleep(delay_s)
        for wait_s in (*self._retry_waits_s, 0):
            if await self._heard(url, body):
                return
            await asyncio.sleep(wait_s)

    async def _heard(self, url: str, body: bytes) -> bool:
        signature = sign(body, key_id=self.key_id, key=self._key, at=datetime.now(UTC))
        headers = {"Content-Type": "application/json", **signature}
        try:
            response = await self._client.post(url, content=body, headers=headers)
        except httpx.HTTPError:
            return False
        return response.is_success
