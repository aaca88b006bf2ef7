"""Look at the broker from outside: depths, consumers, dead letters. For the command line and for tests."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import amqp.exceptions

from shared_components.bus import names
from shared_components.bus.errors import BrokerUnavailable
from shared_components.bus.link import LINK_ERRORS, Link


@dataclass(frozen=True)
class QueueState:
    """messages: ready to be delivered (those in hand do not count)."""

    name: str
    messages: int
    consumers: int


@dataclass(frozen=True)
class DeadLetter:
    """One message nobody could serve. The body is not part of it: it may hold personal data."""

    tag: Any
    message_id: str
    reason: str
    text: str
    exchange: str
    routing_key: str
    size: int
    raw: Any


class BrokerView:
    """A connection of its own for looking. Raises BrokerUnavailable when the broker cannot be reached."""

    def __init__(self, url: str) -> None:
        self._url = url
        try:
            self._link = Link(url, heartbeat_s=0)
        except LINK_ERRORS as error:
            raise BrokerUnavailable(details={"retry_after_s": 1}) from error

    def __enter__(self) -> BrokerView:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._link.close()
        self._link.dispose()

    def queue(self, name: str) -> QueueState | None:
        """The state of a queue, or None when there is none of that name."""
        try:
            declared = self._link.channel.queue_declare(name, passive=True)
        except amqp.exceptions.NotFound:
            # the broker closes the channel of a failed passive declare
            self._link.dispose()
            self._link = Link(self._url, heartbeat_s=0)
            return None
        return QueueState(name, declared.message_count, declared.consumer_count)

    def dead_letters(self, service: str, limit: int = 100) -> list[DeadLetter]:
        """The oldest dead letters of a service; they stay where they are."""
        with self._browsing(service, limit) as letters:
            return letters

    @contextmanager
    def _browsing(self, service: str, limit: int) -> Iterator[list[DeadLetter]]:
        letters = []
        while len(letters) < limit:
            message = self._link.channel.basic_get(names.dead_queue(service))
            if message is None:
                break
            letters.append(_dead_letter(message))
        try:
            yield letters
        finally:
            for letter in letters:
                with suppress(*LINK_ERRORS):
                    self._link.reject(letter.tag, requeue=True)

    def redrive(self, service: str, limit: int, message_id: str | None = None) -> int:
        """Send dead letters back to where they came from; returns how many. All of them, or those with one id."""
        # Confirmed before it is taken away: a redrive must not be where a message is lost.
        self._link.channel.confirm_select()
        moved = 0
        kept = []
        for _ in range(limit):
            message = self._link.channel.basic_get(names.dead_queue(service))
            if message is None:
                break
            letter = _dead_letter(message)
            if message_id is not None and letter.message_id != message_id:
                kept.append(letter)
                continue
            self._link.channel.basic_publish_confirm(
                message_copy(self._link, message), exchange=letter.exchange, routing_key=letter.routing_key)
            self._link.ack(letter.tag)
            moved += 1
        for letter in kept:
            self._link.reject(letter.tag, requeue=True)
        return moved


def message_copy(link: Link, message: Any) -> Any:
    body = message.body
    return link.channel.prepare_message(
        body.encode() if isinstance(body, str) else bytes(body),
        content_type=message.properties.get("content_type"), content_encoding="utf-8", headers={},
        properties={"delivery_mode": 2, "message_id": message.properties.get("message_id", "")},
    )


def _dead_letter(message: Any) -> DeadLetter:
    headers = message.properties.get("application_headers") or getattr(message, "headers", None) or {}
    return DeadLetter(
        tag=message.delivery_info["delivery_tag"], message_id=str(message.properties.get("message_id", "")),
        reason=str(headers.get("x-reason", "")), text=str(headers.get("x-text", "")),
        exchange=str(headers.get("x-exchange", "")), routing_key=str(headers.get("x-routing-key", "")),
        size=len(message.body), raw=message,
    )
