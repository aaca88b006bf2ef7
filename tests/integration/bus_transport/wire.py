"""A client for the transport tests: connections, names of a test's own, and waiting with bounds."""
from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Callable, Sized
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import amqp
from kombu.connection import Connection

PATIENCE_S = 5.0
QUIET_S = 0.15


class Wire:
    def __init__(self, url: str) -> None:
        self.url = url
        self.is_inproc = url.startswith("inproc:")
        self._prefix = secrets.token_hex(4)
        self._connections: list[Connection] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection in self._connections:
            with suppress(Exception):
                connection.release()

    def name(self, what: str) -> str:
        return f"{what}-{self._prefix}"

    def connection(self, url: str = "", **options: Any) -> Connection:
        connection = Connection(url or self.url, transport_options=options)
        connection.connect()
        self._connections.append(connection)
        return connection

    def channel(self, url: str = "", **options: Any) -> Any:
        return self.connection(url, **options).channel()

    def queue(self, channel: Any, what: str = "q", *, arguments: dict[str, Any] | None = None, **options: Any) -> str:
        name = self.name(what)
        channel.queue_declare(name, auto_delete=options.pop("auto_delete", False), arguments=arguments, **options)
        return name

    def exchange(self, channel: Any, kind: str, what: str = "x", *, arguments: dict[str, Any] | None = None) -> str:
        name = self.name(what)
        channel.exchange_declare(name, kind, auto_delete=False, arguments=arguments)
        return name

    def listen(self, channel: Any, queue: str, **options: Any) -> list[amqp.Message]:
        """A list that fills while the channel's connection is drained."""
        got: list[amqp.Message] = []
        channel.basic_consume(queue, callback=got.append, **options)
        return got


def send(channel: Any, body: str | bytes, exchange: str = "", key: str = "", *, mandatory: bool = False,
         **properties: Any) -> None:  # fmt: skip
    channel.basic_publish(amqp.Message(body, **properties), exchange, key, mandatory=mandatory)


def has_length(things: Sized, length: int) -> bool:
    return len(things) == length


def drain(channel: Any, until: Callable[[], object] | None = None, *, seconds: float = PATIENCE_S) -> None:
    """Handle events until something is true (the test fails when it never is), or for a quiet moment."""
    connection = channel.connection
    end = time.monotonic() + (seconds if until is not None else QUIET_S)
    while not (until is not None and until()):
        left = end - time.monotonic()
        if left <= 0:
            assert until is None, "it did not happen in time"
            return
        with suppress(socket.timeout):
            connection.drain_events(timeout=left)


def depth(channel: Any, queue: str) -> int:
    return int(channel.queue_declare(queue, passive=True).message_count)


def wait_for_depth(channel: Any, queue: str, count: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while depth(channel, queue) != count:
        assert time.monotonic() < end, f"queue has {depth(channel, queue)} messages; {count} were expected"
        time.sleep(0.02)


def bodies(messages: list[amqp.Message]) -> list[Any]:
    return [message.body for message in messages]
