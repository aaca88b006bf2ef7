"""Publish persistent messages and know that the broker has them."""
from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from shared_components.bus.amqp.connection import CONNECTION_ERRORS, BrokerConnection, Publication
from shared_components.bus.amqp.reconnecting import ReconnectingConnection
from shared_components.bus.errors import BrokerUnavailable
from shared_components.kernel.bilingual import Bilingual


@dataclass(frozen=True)
class Outgoing:
    body: bytes
    exchange: str
    routing_key: str
    content_type: str
    message_id: str
    headers: Mapping[str, Any] = field(default_factory=dict)


class _Batch:
    def __init__(self) -> None:
        self.open: set[int] = set()
        self.accepted = True
        self.finished = threading.Event()


class Publisher:
    """Confirmed publishing over one connection of its own. Thread-safe."""

    def __init__(
        self, url: str, *, name: str, heartbeat_s: int = 10, confirm_timeout_s: float = 5.0,
        declare: Callable[[Any], None] = lambda channel: None,
    ) -> None:
        """declare: puts what is published to in place, on each new connection."""
        self._declare = declare
        self._confirm_timeout_s = confirm_timeout_s
        self._lock = threading.RLock()
        self._batches: dict[int, _Batch] = {}
        self._broker = ReconnectingConnection(
            url, name=name, heartbeat_s=heartbeat_s, on_open=self._prepare, on_lost=self._lost)

    @property
    def broker(self) -> ReconnectingConnection:
        self._broker.start()
        return self._broker

    def ready(self) -> bool:
        connection = self.broker.connection
        return connection is not None and not connection.blocked

    @property
    def blocked(self) -> bool:
        """Tell whether the broker accepts no messages now (a resource alarm)."""
        connection = self._broker.connection
        return connection is not None and connection.blocked

    def publish(self, messages: Sequence[Outgoing]) -> None:
        """Send all, and return once the broker has confirmed all of them.

        Raises BrokerUnavailable when that is not known within the confirm timeout: some may have arrived, so
        whoever sends again sends what receivers deduplicate.
        """
        connection = self.broker.wait_open(self._confirm_timeout_s)
        if connection is None:
            raise BrokerUnavailable(details={"retry_after_s": 1})
        if connection.blocked:
            raise BrokerUnavailable(Bilingual(
                "the broker accepts no messages now (resource alarm)",
                "消息总线资源告警，暂不接收消息"), details={"retry_after_s": 5})
        batch = _Batch()
        try:
            self._send(connection, batch, messages)
        except CONNECTION_ERRORS as error:
            connection.abort()
            raise BrokerUnavailable(details={"retry_after_s": 1}) from error
        confirmed = batch.finished.wait(self._confirm_timeout_s)
        if not confirmed or not batch.accepted:
            raise BrokerUnavailable(Bilingual(
                "the broker did not confirm in time",
                "消息总线未在时限内确认"), details={"retry_after_s": 1})

    def _send(self, connection: BrokerConnection, batch: _Batch, messages: Sequence[Outgoing]) -> None:
        # One lock for sending and for confirms: a confirm may come before `publish` has returned its number.
        with self._lock:
            if messages:
                last = connection.publish_all([_publication(message, connection.user) for message in messages])
                batch.open.update(range(last - len(messages) + 1, last + 1))
                self._batches.update(dict.fromkeys(sorted(batch.open), batch))
            else:
                batch.finished.set()

    def _prepare(self, connection: BrokerConnection) -> None:
        self._declare(connection.channel)
        connection.confirm(self._confirmed)

    def _confirmed(self, sequence: int, multiple: bool, accepted: bool) -> None:
        with self._lock:
            # They were sent in this order, so those that are not meant come last.
            numbers = list(takewhile(lambda n: n <= sequence, self._batches)) if multiple else [sequence]
            for number in numbers:
                batch = self._batches.pop(number, None)
                if batch is None:
                    continue
                batch.open.discard(number)
                batch.accepted = batch.accepted and accepted
                if not batch.open:
                    batch.finished.set()

    def _lost(self, connection: BrokerConnection) -> None:
        with self._lock:
            for batch in set(self._batches.values()):
                batch.accepted = False
                batch.finished.set()
            self._batches.clear()

    def close(self) -> None:
        self._broker.stop()


def _publication(message: Outgoing, user: str | None) -> Publication:
    # Not mandatory: where no queue is bound nobody has declared an interest, and what came back would be thrown away.
    properties = {"message_id": message.message_id} | ({"user_id": user} if user is not None else {})
    return Publication(
        message.body, message.exchange, message.routing_key, message.content_type, persistent=True,
        headers=message.headers, properties=properties)
