"""How many messages the asyncio client makes of many calls: as many as the broker keeps up with, and no more."""
from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import orjson

from shared_components.bus.client import asyncio_
from shared_components.bus.client.asyncio_ import MOST_UNCONFIRMED, AsyncBusClient


class Broker:
    """Takes messages, and confirms them when it is told to."""

    def __init__(self) -> None:
        self.messages: list[list[Any]] = []
        self.confirms: list[asyncio.Future[None]] = []

    async def basic_publish(self, body: bytes, **_: Any) -> None:
        self.messages.append(orjson.loads(body))
        confirm: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.confirms.append(confirm)
        await confirm

    def confirm_all(self) -> None:
        for confirm in self.confirms:
            if not confirm.done():
                confirm.set_result(None)

    def replies(self) -> bytes:
        return orjson.dumps([{"id": call["id"], "result": 1} for message in self.messages for call in message])


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def connected(broker: Broker, monkeypatch: Any) -> AsyncBusClient:
    monkeypatch.setattr(asyncio_, "accepts", lambda connection: True)
    client = AsyncBusClient("amqp://a:b@127.0.0.1/x")
    client._channel = broker
    client._keeper = SimpleNamespace(cancel=lambda: None)  # type: ignore[assignment]
    client._opened.set()
    return client


def test_calls_that_come_faster_than_confirms_travel_together(monkeypatch: Any) -> None:
    async def scenario() -> list[int]:
        broker = Broker()
        client = connected(broker, monkeypatch)
        calls = []
        for _ in range(100):
            calls.append(asyncio.ensure_future(client.call("echo", "echo", {"a": 1})))
            await settle()
        assert len(broker.messages) == MOST_UNCONFIRMED
        broker.confirm_all()
        await settle()
        client._pending.settle_replies(broker.replies())
        assert await asyncio.gather(*calls) == [1] * 100
        broker.confirm_all()
        await settle()
        return [len(message) for message in broker.messages]

    assert asyncio.run(scenario()) == [1, 1, 98]


def test_a_lone_call_waits_for_no_confirm(monkeypatch: Any) -> None:
    async def scenario() -> int:
        broker = Broker()
        client = connected(broker, monkeypatch)
        call = asyncio.ensure_future(client.call("echo", "echo", {"a": 1}))
        await settle()
        sent = len(broker.messages)
        client._pending.settle_replies(broker.replies())
        await call
        broker.confirm_all()
        await settle()
        return sent

    assert asyncio.run(scenario()) == 1
