"""A man in the middle of the broker: messages on their way to a queue are delivered several times, shuffled."""
from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import amqp
from kombu.connection import Connection

BATCH, PATIENCE_S = 40, 0.2


class Copier:
    """Stands between an exchange and a queue whose binding it has taken over."""

    def __init__(self, url: str, queue: str, exchange: str, key: str, chance: random.Random, copies: int = 3) -> None:
        self._queue, self._exchange, self._key, self._chance, self._copies = queue, exchange, key, chance, copies
        self._connection = Connection(url)
        self._channel = self._connection.channel()
        self._tap = f"tap.{queue}"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.delivered = 0

    def __enter__(self) -> Self:
        self._channel.queue_declare(self._tap, durable=True, auto_delete=False)
        self._channel.queue_bind(self._tap, self._exchange, self._key)
        self._channel.queue_unbind(self._queue, self._exchange, self._key)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(20)
        with suppress(Exception):
            self._connection.release()

    def _run(self) -> None:
        while True:
            taken = self._take()
            if not taken and self._stop.is_set():
                return
            if not taken:
                self._stop.wait(PATIENCE_S)
            self._deliver(taken)

    def _take(self) -> list[Any]:
        got = (self._channel.basic_get(self._tap, no_ack=True) for _ in range(BATCH))
        return list(iter(lambda: next(got, None), None))

    def _deliver(self, messages: Sequence[Any]) -> None:
        copies = [message for message in messages for _ in range(self._copies)]
        self._chance.shuffle(copies)
        for message in copies:
            properties = {name: value for name, value in message.properties.items() if name != "user_id"}
            self._channel.basic_publish(amqp.Message(message.body, **properties), "", self._queue)
            self.delivered += 1
