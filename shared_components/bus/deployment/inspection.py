"""Look at the broker from outside: depths, consumers, dead letters. For the command line and for tests."""
from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import amqp.exceptions

from shared_components.bus.amqp import degraded, instances, names
from shared_components.bus.amqp.connect_errors import why
from shared_components.bus.amqp.connection import CONNECTION_ERRORS, BrokerConnection
from shared_components.bus.amqp.degraded import SwitchedOff
from shared_components.bus.amqp.instances import Instance
from shared_components.bus.amqp.quarantine_messages import headers_of, sender_of
from shared_components.bus.errors import BrokerUnavailable, CallerNotAllowed
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.callers import OPERATOR

CONFIRM_TIMEOUT_S = 5.0
LONGEST_TEXT = 500
MOST_IN_HAND = 1000
PAUSE_S = 0.3
# Reading of what processes tell ends after a pause, or when so much time has passed.
READ_PAUSE_S, MOST_READING_S = 0.15, 2.0
# Letters in hand at once: a thousand of the largest would not fit into memory.
MOST_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class QueueState:
    """messages: ready to be delivered (those in hand do not count)."""

    name: str
    messages: int
    consumers: int


@dataclass(frozen=True)
class DeadLetter:
    """One message nobody could serve. It prints without its body, which may hold personal data.

    queue: the one that it came from; empty when that is not known.
    """

    tag: Any
    message_id: str
    reason: str
    text: str
    exchange: str
    routing_key: str
    size: int
    raw: Any
    queue: str = ""

    def __repr__(self) -> str:
        return f"DeadLetter({self.message_id!r}, {self.reason!r}, {self.routing_key!r}, {self.size} bytes)"

    @property
    def body(self) -> bytes:
        body = self.raw.body
        return body.encode("utf-8", "surrogateescape") if isinstance(body, str) else bytes(body)

    @property
    def source(self) -> str:
        """The service that its event says it is of; empty when it is no event."""
        with suppress(ValueError):
            event = strict_json.read(self.body)
            return str(event.get("source", "")) if isinstance(event, dict) else ""
        return ""

    def sender_if_buried_by(self, service: str) -> str:
        """Give the sender of a dead letter; empty when unknown. The service's word counts for its own dead letters."""
        user, headers = sender_of(self.raw), headers_of(self.raw)
        if user != service:
            return user
        # Without a reason it is no copy: the broker has put a message of the service here.
        return _text(headers.get(names.SENDER_HEADER, "" if "x-reason" in headers else user))


@dataclass(frozen=True)
class Selection:
    """Selection of dead letters; without arguments, all of them."""

    message_ids: Collection[str] = ()
    reason: str | None = None
    queue: str | None = None

    def has(self, letter: DeadLetter) -> bool:
        return (not self.message_ids or letter.message_id in self.message_ids) \
            and self.reason in (None, letter.reason) and self.queue in (None, letter.queue)


@dataclass(frozen=True)
class Redriven:
    """The outcome of one redriven dead letter. refused: why it stays where it is, empty when it was sent."""

    letter: DeadLetter
    refused: str = ""


class BrokerView:
    """A connection of its own for looking. Raises BrokerUnavailable when the broker cannot be reached."""

    def __init__(self, url: str, *, verified: bool = False) -> None:
        """verified: the broker verifies the users of messages (bus.caller_authentication)."""
        self._url, self._verified = url, verified
        with _typed():
            self._connection = BrokerConnection(url, heartbeat_s=0)

    def __enter__(self) -> BrokerView:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()
        self._connection.dispose()

    @property
    def server(self) -> tuple[str, str]:
        """The product and the version that the broker states, such as RabbitMQ and 4.2.1."""
        told = self._connection.channel.connection.server_properties
        return str(told.get("product", "")), str(told.get("version", ""))

    def queue(self, name: str) -> QueueState | None:
        """The state of a queue, or None when no queue has that name."""
        with _typed():
            try:
                declared = self._connection.channel.queue_declare(name, passive=True)
            except amqp.exceptions.NotFound:
                # the broker closes the channel of a failed passive declare
                self._connection.dispose()
                self._connection = BrokerConnection(self._url, heartbeat_s=0)
                return None
        return QueueState(name, declared.message_count, declared.consumer_count)

    def instances(self) -> list[Instance]:
        """The processes that have told of themselves lately, the gateway among them."""
        # Another that looks at the same moment holds the messages in its hands.
        return self._instances() or self._instances(PAUSE_S)

    def degraded(self) -> SwitchedOff:
        """Read what operators have switched off, as the processes read it."""
        with _typed():
            there = degraded.declare(self._connection)
            found = degraded.read(self._connection, verified=self._verified) if there else None
        return found or SwitchedOff()

    def degrade(self, switched_off: SwitchedOff) -> None:
        """Have every process switch off so much, and nothing else. Raises BrokerUnavailable, CallerNotAllowed."""
        if self._verified and self._connection.user != OPERATOR:
            raise CallerNotAllowed(Bilingual(
                f"methods are switched off by '{OPERATOR}' alone, and broker.url is a URL of user "
                f"'{self._connection.user}'",
                f"只有“{OPERATOR}”可以停用方法，而 broker.url 的用户为“{self._connection.user}”"))
        with _typed():
            if not degraded.declare(self._connection):
                raise BrokerUnavailable(Bilingual(
                    f"the broker has no stream '{names.DEGRADED}'; load the definitions of deploy/rabbitmq",
                    f"消息代理没有流“{names.DEGRADED}”；请加载 deploy/rabbitmq 中的定义"))
            degraded.publish(self._connection, switched_off)

    def _instances(self, pause_s: float = 0.0) -> list[Instance]:
        state = self.queue(names.INSTANCES)
        if state is None:
            return []
        time.sleep(pause_s)
        messages: list[Any] = []
        most = min(instances.MOST_READ, state.messages or instances.MOST_READ)
        with _typed():
            channel = self._connection.channel.connection.channel()
            try:
                # All at once, not one a question: many processes tell each second.
                channel.basic_consume(names.INSTANCES, callback=messages.append)
                until = time.monotonic() + MOST_READING_S
                while len(messages) < most and time.monotonic() < until:
                    with suppress(TimeoutError):
                        channel.connection.drain_events(timeout=READ_PAUSE_S)
                        continue
                    break
            finally:
                # The broker puts them back where they were.
                channel.close()
        return instances.newest(messages)

    def dead_letters(self, service: str, limit: int = 100) -> list[DeadLetter]:
        """The oldest dead letters of a service; they stay where they are."""
        with self._browsing(service, limit) as letters:
            return letters

    def redrive(
        self, service: str, limit: int = 1000, message_ids: Collection[str] | None = None, queue: str = "",
    ) -> list[Redriven]:
        """Send dead letters back to the queues of the handlers that they came from: all, or those with the given ids.

        Never to an exchange: the event's other handlers have had it. queue: for letters that do not tell theirs.
        A letter is taken away only once the broker has confirmed its copy: a redrive must not be where it is lost.
        """
        done: list[DeadLetter] = []
        with self._browsing(service, limit, done) as letters:
            chosen = [one for one in letters if message_ids is None or one.message_id in message_ids]
            redriven = []
            for letter in chosen:
                refused = self._send(service, letter, letter.queue or queue)
                if not refused:
                    self._settle(letter, done)
                redriven.append(Redriven(letter, refused))
            return redriven

    def discard(self, service: str, selection: Selection, limit: int) -> list[DeadLetter]:
        """Take the oldest dead letters of a selection away for ever, at most `limit`; gives those."""
        done: list[DeadLetter] = []
        with self._browsing(service, MOST_IN_HAND, done) as letters:
            for letter in [letter for letter in letters if selection.has(letter)][:limit]:
                self._settle(letter, done)
        return done

    def _settle(self, letter: DeadLetter, done: list[DeadLetter]) -> None:
        with _typed():
            self._connection.ack(letter.tag)
        done.append(letter)

    def _send(self, service: str, letter: DeadLetter, queue: str) -> str:
        """Publish a copy; gives the reason when it could not be sent."""
        if queue.startswith(names.rpc_queue("")) or letter.exchange == names.RPC_EXCHANGE:
            # It would be run as the operator's call, who may do more than whoever made it.
            return "it is a call: nobody waits for the reply any more"
        if not queue:
            return "its handler's queue is not known; --queue names it"
        if not queue.startswith(names.event_queue(service, "")):
            return f"'{queue}' is no queue of a handler of '{service}'"
        sender = letter.sender_if_buried_by(service)
        if self._connection.user == OPERATOR and sender not in (service, letter.source, OPERATOR):
            # Sent again it is the operator's, whom the handler believes.
            return f"it was put there by user '{sender}', who is neither '{service}' nor its event's source" \
                if sender else "nobody says who has sent it"
        returned: list[Any] = []
        with _typed():
            self._connection.channel.events["basic_return"] = {lambda *parts: returned.append(parts)}
            self._connection.channel.basic_publish_confirm(
                self._copy(letter), exchange="", routing_key=queue, mandatory=True, confirm_timeout=CONFIRM_TIMEOUT_S)
        return f"no queue '{queue}' exists now" if returned else ""

    def _copy(self, letter: DeadLetter) -> Any:
        # Without its headers: the count of attempts begins anew.
        return self._connection.channel.prepare_message(
            letter.body, content_type=letter.raw.properties.get("content_type"), content_encoding="utf-8", headers={},
            properties={"delivery_mode": 2, "message_id": letter.message_id}
            | ({"user_id": self._connection.user} if self._connection.user is not None else {}),
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
                    with suppress(*CONNECTION_ERRORS):
                        self._connection.reject(letter.tag, requeue=True)

    def _take(self, queue: str, limit: int) -> Iterator[DeadLetter]:
        size = 0
        for _ in range(limit):
            message = self._connection.channel.basic_get(queue)
            if message is None:
                return
            letter = dead_letter_of(message)
            yield letter
            size += letter.size
            if size >= MOST_BYTES:
                return


@dataclass(frozen=True)
class _Body:
    """All that is known of a message which another process holds."""

    body: bytes


def letter_elsewhere(body: bytes, **told: Any) -> DeadLetter:
    """A dead letter that is in hand in another process."""
    return DeadLetter(tag=None, raw=_Body(body), **told)


@contextmanager
def _typed() -> Iterator[None]:
    try:
        yield
    except CONNECTION_ERRORS as error:
        reason = why(error)
        raise BrokerUnavailable(Bilingual(
            f"the broker cannot be used: {reason}", f"消息代理不可用：{reason}"),
            details={"retry_after_s": 1}) from error


def dead_letter_of(message: Any) -> DeadLetter:
    """Read a letter. What the broker itself has put here still has its sender's headers: none of them is believed."""
    headers = headers_of(message)
    # Without our headers the broker has put it here, by its policy's delivery limit, and tells where it was.
    deaths = headers.get("x-death")
    death = deaths[0] if isinstance(deaths, list) and deaths and isinstance(deaths[0], dict) else {}
    exchange, routing_key = _text(headers.get("x-exchange")), _text(headers.get("x-routing-key"))
    # By the default exchange comes what was sent to a queue itself.
    queue = _text(headers.get(names.QUEUE_HEADER)) or ("" if exchange else routing_key) or _text(death.get("queue"))
    return DeadLetter(
        tag=message.delivery_info["delivery_tag"], message_id=_text(message.properties.get("message_id")),
        reason=_text(headers.get("x-reason")) or f"broker: {_text(death.get('reason')) or 'unknown'}"[:LONGEST_TEXT],
        text=_text(headers.get("x-text")), exchange=exchange, routing_key=routing_key or queue,
        size=len(message.body), raw=message, queue=queue,
    )


def _text(value: object) -> str:
    return value[:LONGEST_TEXT] if isinstance(value, str) else ""
