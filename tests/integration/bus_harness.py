"""Services in processes of their own, and a raw AMQP client: what a test of a bus under stress needs.

Every wait is bounded, and a process that a test leaves behind is killed.
"""
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import amqp
import amqp.exceptions
from kombu.connection import Connection

import shared_components.inproc  # noqa: F401  registers the transport

ROOT = Path(__file__).parents[2]
PATIENCE_S = 10.0
RPC_EXCHANGE = "nameko-rpc"


def wait_until(condition: Callable[[], object], what: str, *, seconds: float = PATIENCE_S) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds:g} s: {what}"
        time.sleep(0.02)


class Effects:
    """Effects of a service, one line each; the file survives the service. The service writes with `note`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def lines(self) -> list[str]:
        return self.path.read_text().splitlines()

    def count(self, line: str) -> int:
        return self.lines().count(line)

    def wait_for(self, line: str, count: int = 1, *, seconds: float = PATIENCE_S) -> None:
        wait_until(lambda: self.count(line) >= count, f"{count} times {line!r} in {self.lines()}", seconds=seconds)


def note(path: str, line: str) -> None:
    """Append one line, whole, also when the process is killed right after."""
    with open(path, "a", buffering=1) as effects:
        effects.write(line + "\n")


class ServiceProcess:
    """`python -m module arguments…`; use it with `with`, and it is gone afterwards."""

    def __init__(self, module: str, *arguments: str, log: Path, environment: Mapping[str, str] | None = None) -> None:
        self._log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", module, *arguments], cwd=ROOT, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
            )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        if error is not None:
            sys.stdout.write(f"── {self._log.name}\n{self.log()[-4000:]}\n")

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def wait_until_consuming(self, broker: RawBroker, queue: str, *, count: int = 1) -> Self:
        def ready() -> bool:
            assert self.running, f"the service ended while starting:\n{self.log()[-2000:]}"
            return broker.consumers(queue) >= count

        wait_until(ready, f"{count} consumers of {queue}", seconds=2 * PATIENCE_S)
        return self

    def wait_exit(self, *, seconds: float = PATIENCE_S) -> int | None:
        """Its exit code; None while it still runs after these seconds."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def terminate(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(PATIENCE_S)


class RawBroker:
    """An AMQP client that sends exactly what it is told, well-formed for nameko or not."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection = Connection(url)
        self.channel = self._connection.channel()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(Exception):
            self._connection.release()

    def publish(self, body: bytes | str, *, key: str, exchange: str = RPC_EXCHANGE, **properties: Any) -> None:
        self.channel.basic_publish(amqp.Message(body, **properties), exchange, key)

    def call(self, service: str, method: str, *args: Any, replies: ReplyQueue | None = None, **kwargs: Any) -> str:
        """Send a plain nameko request; returns its correlation id."""
        correlation_id = str(uuid.uuid4())
        self.publish(
            json.dumps({"args": args, "kwargs": kwargs}), key=f"{service}.{method}",
            **plain_properties(reply_to=replies.key if replies else str(uuid.uuid4()), correlation_id=correlation_id),
        )  # fmt: skip
        return correlation_id

    def counts(self, queue: str) -> tuple[int, int]:
        """(messages ready, consumers) of a queue; (0, 0) when it does not exist."""
        try:
            answer = self.channel.queue_declare(queue, passive=True)
        except amqp.exceptions.NotFound:
            return 0, 0
        return answer.message_count, answer.consumer_count

    def depth(self, queue: str) -> int:
        return self.counts(queue)[0]

    def consumers(self, queue: str) -> int:
        return self.counts(queue)[1]

    def wait_for_depth(self, queue: str, count: int) -> None:
        wait_until(lambda: self.depth(queue) == count, f"{count} messages in {queue}, it has {self.counts(queue)}")

    def queue(self, name: str, *, exchange: str = "", key: str = "", arguments: dict[str, Any] | None = None) -> str:
        self.channel.queue_declare(name, durable=True, auto_delete=False, arguments=arguments)
        if exchange:
            self.channel.queue_bind(name, exchange, key)
        return name

    def get(self, queue: str) -> amqp.Message | None:
        return self.channel.basic_get(queue, no_ack=True)


class ReplyQueue:
    """Where replies to plain nameko requests arrive."""

    def __init__(self, broker: RawBroker, arguments: dict[str, Any] | None = None) -> None:
        self.key = str(uuid.uuid4())
        self._broker = broker
        broker.channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True, auto_delete=False)
        self.name = broker.queue(f"reply-{self.key}", exchange=RPC_EXCHANGE, key=self.key, arguments=arguments)

    def wait(self, *, seconds: float = PATIENCE_S) -> amqp.Message:
        got: list[amqp.Message] = []

        def arrived() -> bool:
            message = self._broker.get(self.name)
            got.extend([message] if message is not None else [])
            return bool(got)

        wait_until(arrived, "a reply", seconds=seconds)
        return got[0]

    def result(self, *, seconds: float = PATIENCE_S) -> dict[str, Any]:
        return dict(json.loads(self.wait(seconds=seconds).body))


def plain_properties(**changes: Any) -> dict[str, Any]:
    """The properties of a well-formed nameko request; a change to None leaves one out."""
    properties: dict[str, Any] = {
        "content_type": "application/json", "content_encoding": "utf-8", "delivery_mode": 2,
        "reply_to": str(uuid.uuid4()), "correlation_id": str(uuid.uuid4()), "application_headers": {}, **changes,
    }  # fmt: skip
    return {name: value for name, value in properties.items() if value is not None}
