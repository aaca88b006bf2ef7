"""A user of the broker who writes messages by hand: every reply is seen as it is, and every refusal."""
from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import amqp
import amqp.exceptions
import orjson
from kombu.connection import Connection

from shared_components.bus.amqp import names

REFUSALS = (
    amqp.exceptions.AccessRefused, amqp.exceptions.PreconditionFailed, amqp.exceptions.NotFound,
    amqp.exceptions.NotAllowed, amqp.exceptions.ResourceLocked,
)  # fmt: skip


@dataclass
class Ask:
    """One call. context: what the caller says of itself, true or not."""

    id: str
    method: str
    kwargs: Mapping[str, Any]
    op_id: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)

    def to_wire(self, deadline_s: float) -> dict[str, Any]:
        return {
            "id": self.id, "method": self.method, "kwargs": self.kwargs, "op_id": self.op_id or f"op-{self.id}",
            "deadline": deadline_s, "context": self.context,
        }  # fmt: skip


class RawUser:
    """Connected as the user of the URL; connects anew after the broker has closed its channel."""

    def __init__(self, url: str) -> None:
        self.url, self.name = url, unquote(urlsplit(url).username or "")
        self.replies: dict[str, Any] = {}
        self._connect()

    def _connect(self) -> None:
        self._connection = Connection(self.url)
        self.channel = self._connection.channel()
        self.channel.basic_consume(names.DIRECT_REPLY_TO, callback=self._replied, no_ack=True)

    def reconnect(self) -> None:
        self.close()
        self._connect()

    def close(self) -> None:
        with suppress(Exception):
            self._connection.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _replied(self, message: Any) -> None:
        body = orjson.loads(message.body)
        for reply in body if isinstance(body, list) else [{"id": message.properties.get("correlation_id"), **body}]:
            self.replies[str(reply["id"])] = reply

    def ask(self, service: str, asks: Sequence[Ask], *, timeout_s: float = 20.0, user_id: bool = True) -> None:
        """Send coalesced calls and wait for all replies. Raises one of REFUSALS."""
        body = orjson.dumps([one.to_wire(time.time() + timeout_s) for one in asks])
        stated = {"user_id": self.name} if user_id else {}
        self.publish(body, f"{service}.{names.CALLS_METHOD}", content_type=names.CALLS_CONTENT_TYPE, **stated)
        self.wait({one.id for one in asks}, timeout_s)

    def ask_plainly(self, service: str, one: Ask, *, timeout_s: float = 20.0, user_id: bool = True) -> None:
        """The same call as a stock nameko client sends it: its method in the routing key.

        user_id: as the AMQP proxy states it; without it, as it comes when the client reaches the broker itself.
        """
        stated = {"user_id": self.name} if user_id else {}
        body = orjson.dumps({"args": [], "kwargs": one.kwargs})
        self.publish(body, f"{service}.{one.method}", content_type=names.JSON_CONTENT_TYPE, correlation_id=one.id,
                     **stated)  # fmt: skip
        self.wait({one.id}, timeout_s)

    def publish(self, body: bytes, key: str, exchange: str = names.RPC_EXCHANGE, **properties: Any) -> None:
        properties = {"reply_to": names.DIRECT_REPLY_TO, **properties}
        self.channel.basic_publish(amqp.Message(body, **properties), exchange, key)

    def wait(self, ids: set[str], timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        while not ids <= self.replies.keys() and time.monotonic() < deadline:
            with suppress(TimeoutError):
                self._connection.drain_events(timeout=0.2)

    def settle(self) -> None:
        """A round trip: a refusal of what was sent before is raised here."""
        self.channel.basic_qos(0, 1, False)
