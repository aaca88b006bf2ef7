"""Look at the broker from outside: depths, consumers, dead letters. For the command line and for tests."""
from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import amqp.exceptions

from shared_components.bus import names
from shared_components.bus.errors import BrokerUnavailable
from shared_components.bus.link import LINK_ERRORS, Link
from shared_components.bus.refusals import why

CONFIRM_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class QueueState:
    """messages: ready to be delivered (those in hand do not count)."""

    name: str
    messages: int
    consumers: int


@dataclass(frozen=True)
class DeadLetter:
    """One message nobody could serve. It prints without its body, which may hold personal data."""

    tag: Any
    message_id: str
    reason: str
    text: str
    exchange: str
    routing_key: str
    size: int
    raw: Any

    def __repr__(self) -> str:
        return f"DeadLetter({self.message_id!r}, {self.reason!r}, {self.routing_key!r}, {self.size} bytes)"

    @property
    def body(self) -> bytes:
        body = self.raw.body
        return body.encode("utf-8", "surrogateescape") if isinstance(body, str) else bytes(body)

    @property
    def is_event(self) -> bool:
        """Whether sending it again can help: a call's caller has long gone."""
        # By the default exchange comes what was sent to a queue itself; that may be one of calls.
        to_queue = self.exchange == "" and not self.routing_key.startswith(names.rpc_queue(""))
        return bool(self.routing_key) and (to_queue or self.exchange.endswith(names.event_exchange("")))


@dataclass(frozen=True)
class Redriven:
    """What became of one dead letter. refused: why it stays where it is, empty when it was sent."""

    letter: DeadLetter
    refused: str = ""


class BrokerView:
    """A connection of its own for looking. Raises BrokerUnavailable when the broker cannot be reached."""

    def __init__(self, url: str) -> None:
        self._url = url
        with _typed():
            self._link = Link(url, heartbeat_s=0)

    def __enter__(self) -> BrokerView:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._link.close()
        self._link.dispose()

    def queue(self, name: str) -> QueueState | None:
        """The state of a queue, or None when there is none of that name."""
        with _typed():
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

    def redrive(
        self, service: str, limit: int = 1000, message_ids: Collection[str] | None = None,
    ) -> list[Redriven]:
        """Send dead letters back to the queues they came from: all of them, or those with the given ids.

        A letter is taken away only once the broker has confirmed its copy: a redrive must not be where it is lost.
        """
        done: list[DeadLetter] = []
        with self._browsing(service, limit, done) as letters:
            chosen = [one for one in letters if message_ids is None or one.message_id in message_ids]
            redriven = []
            for letter in chosen:
                refused = self._send(letter)
                if not refused:
                    with _typed():
                        self._link.ack(letter.tag)
                    done.append(letter)
                redriven.append(Redriven(letter, refused))
            return redriven

    def _send(self, letter: DeadLetter) -> str:
        """Publish a copy; gives the reason when it could not be sent."""
        if not letter.is_event:
            return "it is no event: nobody waits for the reply any more"
        returned: list[Any] = []
        with _typed():
            self._link.channel.events["basic_return"] = {lambda *parts: returned.append(parts)}
            self._link.channel.basic_publish_confirm(
                self._copy(letter), exchange=letter.exchange, routing_key=letter.routing_key, mandatory=True,
                confirm_timeout=CONFIRM_TIMEOUT_S)
        return f"no queue takes '{letter.routing_key}' now" if returned else ""

    def _copy(self, letter: DeadLetter) -> Any:
        # Without its headers: the count of attempts begins anew.
        return self._link.channel.prepare_message(
            letter.body, content_type=letter.raw.properties.get("content_type"), content_encoding="utf-8", headers={},
            properties={"delivery_mode": 2, "message_id": letter.message_id}
            | ({"user_id": self._link.user} if self._link.user is not None else {}),
        )

    @contextmanager
    def _browsing(
        self, service: str, limit: int, done: Collection[DeadLetter] = (),
    ) -> Iterator[list[DeadLetter]]:
        """Take letters in hand, and give back those that are not done."""
        letters: list[DeadLetter] = []
        if self.queue(names.dead_queue(service)) is not None:
            with _typed():
                letters = list(self._take(names.dead_queue(service), limit))
        try:
            yield letters
        finally:
            for letter in letters:
                if letter not in done:
                    with suppress(*LINK_ERRORS):
                        self._link.reject(letter.tag, requeue=True)

    def _take(self, queue: str, limit: int) -> Iterator[DeadLetter]:
        for _ in range(limit):
            message = self._link.channel.basic_get(queue)
            if message is None:
                return
            yield _dead_letter(message)


@contextmanager
def _typed() -> Iterator[None]:
    try:
        yield
    except LINK_ERRORS as error:
        raise BrokerUnavailable(f"the broker cannot be used: {why(error)}", details={"retry_after_s": 1}) from error


def _dead_letter(message: Any) -> DeadLetter:
    headers = message.properties.get("application_headers") or getattr(message, "headers", None) or {}
    # Without our headers the broker itself has put it here, by its policy's delivery limit, and tells where it was.
    death = (headers.get("x-death") or [{}])[0]
    return DeadLetter(
        tag=message.delivery_info["delivery_tag"], message_id=str(message.properties.get("message_id", "")),
        reason=str(headers.get("x-reason") or f"broker: {death.get('reason', 'unknown')}"),
        text=str(headers.get("x-text", "")), exchange=str(headers.get("x-exchange", "")),
        routing_key=str(headers.get("x-routing-key") or death.get("queue") or ""),
        size=len(message.body), raw=message,
    )
