"""Receipts to those who sent: gathered, so that one request tells of many texts."""
from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any

import orjson

from shared_components.devstack.signed_callbacks import CallbackFaults, SignedCallbacks

GATHER_S, MOST_A_REQUEST = 0.02, 100


class Receipts(SignedCallbacks):
    """faults: of each receipt by itself: copies of one come in different requests."""

    def __init__(self, *, key_id: str, key: bytes, faults: CallbackFaults) -> None:
        super().__init__(key_id=key_id, key=key, faults=faults)
        self.faults = faults
        self._waiting: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)

    def tell(self, url: str, receipt: dict[str, Any]) -> None:
        """In the background; a lost one is never sent."""
        loop = asyncio.get_running_loop()
        for delay_s in self.delays_s(self.faults):
            loop.call_later(delay_s, self._gather, url, receipt)

    def tell_received(self, url: str, text: dict[str, Any]) -> None:
        self.run(self.deliver(url, self._body("received", [text])))

    def _gather(self, url: str, receipt: dict[str, Any]) -> None:
        waiting = self._waiting[url]
        waiting.append(receipt)
        if len(waiting) == 1:
            self.run(self._flush(url))

    async def _flush(self, url: str) -> None:
        await asyncio.sleep(GATHER_S)
        waiting = self._waiting.pop(url, [])
        for first in range(0, len(waiting), MOST_A_REQUEST):
            self.run(self.deliver(url, self._body("receipts", waiting[first:first + MOST_A_REQUEST])))

    def _body(self, name: str, items: list[dict[str, Any]]) -> bytes:
        return orjson.dumps({"account": self.key_id, name: items})
