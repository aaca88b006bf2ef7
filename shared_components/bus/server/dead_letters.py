"""Dead letters: messages that cannot be served go to a durable queue of the service, with the reason."""
from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from itertools import count
from time import monotonic
from typing import Any

from shared_components.bus.amqp import names, topology
from shared_components.bus.amqp.carried_proofs import remove_from, remove_from_text
from shared_components.bus.amqp.connection import CONNECTION_ERRORS, BrokerConnection, backoff_s
from shared_components.bus.amqp.publisher import Outgoing, Publisher
from shared_components.bus.amqp.quarantine_messages import raw_body, sender_of
from shared_components.bus.server.letter_secrets import remove_secrets
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id
from shared_components.observability.metrics import METRICS
from shared_components.observability.rate_limited_log import RateLimitedLog
from shared_components.observability.redaction import secret_names

log = logging.getLogger(__name__)

MAX_DEAD_BODY_BYTES = 1024 * 1024
# How often a letter that nobody could send again is offered to a broker that does not take it.
TRIES = 8
# Of calls, an hour, kept by one process.
LETTERS_OF_A_SENDER, SENDERS_REMEMBERED = 1_000, 1_024
LOOK_EVERY_S = 10.0


class DeadLetters:
    """Moves messages to the dead-letter queue: confirmed first, acknowledged after."""

    def __init__(self, configuration: Mapping[str, Any], service: str) -> None:
        self.service = service
        self.publisher = Publisher(
            configuration["broker"]["url"], name=f"dead-{service}",
            heartbeat_s=configuration["broker"]["heartbeat_s"],
            confirm_timeout_s=configuration["bus"]["confirm_timeout_s"],
            declare=partial(topology.declare_dead_letters, service=service),
        )
        self.level = Level(configuration["broker"]["url"], service)
        self._shares, self._limited_log = Shares(), RateLimitedLog(every_s=LOOK_EVERY_S)

    def take(
        self, connection: BrokerConnection, message: Any, error: Exception, *, queue: str = "",
        done: Callable[[], None] = lambda: None,
    ) -> None:
        """Dead-letter a message of `connection`, in a thread: the reader must go on reading.

        queue: a handler's, to which the message may be sent again. done: called once it is dead-lettered.
        """
        threading.Thread(target=self._dead_letter, args=(connection, message, error, queue, done), daemon=True).start()

    def _dead_letter(
        self, connection: BrokerConnection, message: Any, error: Exception, queue: str, done: Callable[[], None],
    ) -> None:
        reason = error.code if isinstance(error, AppError) else "internal"
        if not isinstance(error, AppError):
            log.error("bus.message.unreadable", extra={"service": self.service, "error": type(error).__name__})
        can_be_sent_again = _can_be_sent_again(queue, self.service)
        sender = sender_of(message)
        if not can_be_sent_again and not self._shares.take(sender):
            self._give_up(reason, "the sender's share is used up")
        elif not self._keep(
            connection, _letter(message, reason, error, queue, self.service), for_ever=can_be_sent_again,
        ):
            return
        else:
            METRICS.record_dead_letter(self.service, reason)
            log.warning("bus.message.dead_lettered", extra={"service": self.service, "cause": reason})
        with suppress(*CONNECTION_ERRORS):
            connection.ack(message.delivery_info["delivery_tag"])
        done()
        self.level.look()

    def _keep(self, connection: BrokerConnection, letter: Outgoing, *, for_ever: bool) -> bool:
        """Lay a letter down. False: the connection of its message was lost, and the message comes again.

        Not given back where that fails: it would come again at once. Held, it costs one of those that may be in hand.
        for_ever: a letter that can be sent again is data; of others none may hold up the service.
        """
        for attempt in count():
            try:
                self.publisher.publish([letter])
                return True
            except AppError:
                if attempt >= TRIES and not for_ever:
                    self._give_up(str(letter.headers["x-reason"]), "the broker does not take it")
                    return True
                threading.Event().wait(backoff_s(attempt))
                if connection.closed:
                    return False
        raise AssertionError("count() does not end")

    def _give_up(self, reason: str, why: str) -> None:
        METRICS.record_lost_dead_letter(self.service, why)
        self._limited_log.tell("bus.dead_letter.not_kept", monotonic(), service=self.service, cause=reason, why=why)

    def close(self) -> None:
        self.publisher.close()


def _letter(message: Any, reason: str, error: Exception, queue: str, service: str) -> Outgoing:
    # The code and our own text only: an unexpected error's text may quote the message.
    text = error.message if isinstance(error, AppError) else type(error).__name__
    # An event is data that is sent again as it was, and nobody's token is part of it. A call is never sent again.
    body = raw_body(message)
    if not _can_be_sent_again(queue, service):
        body = remove_from(remove_secrets(body, secret_names()))
    return Outgoing(
        body=body[:MAX_DEAD_BODY_BYTES], exchange=names.DEAD_EXCHANGE, routing_key=service,
        content_type=str(message.properties.get("content_type") or "application/octet-stream")[:120],
        message_id=str(message.properties.get("message_id") or new_id("msg"))[:120],
        headers={
            "x-reason": reason, "x-text": remove_from_text(text)[:500], names.SENDER_HEADER: sender_of(message),
            names.QUEUE_HEADER: queue, "x-exchange": str(message.delivery_info.get("exchange", "")),
            "x-routing-key": remove_from_text(str(message.delivery_info.get("routing_key", "")))[:200],
        },
    )


def _can_be_sent_again(queue: str, service: str) -> bool:
    """Tell whether a letter is an event of one of the service's handlers."""
    return queue.startswith(names.event_queue(service, ""))


class Shares:
    """Limit of stored dead letters for each sender, so that one sender does not displace those of others."""

    def __init__(self, most: int = LETTERS_OF_A_SENDER, within_s: float = 3600.0) -> None:
        self._most, self._within_s = most, within_s
        self._taken: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def take(self, sender: str) -> bool:
        now = monotonic()
        began, taken = self._taken.pop(sender, (now, 0))
        if now - began >= self._within_s:
            began, taken = now, 0
        self._taken[sender] = (began, min(taken + 1, self._most + 1))
        if len(self._taken) > SENDERS_REMEMBERED:
            self._taken.popitem(last=False)
        return taken < self._most


class Level:
    """Level of a service's dead-letter queue, measured every ten seconds while letters arrive."""

    def __init__(self, url: str, service: str) -> None:
        self._url, self._service = url, service
        self._next_look, self._since = 0.0, 0

    def look(self) -> None:
        """A letter was laid down. When they are as many as may be, each pushes out the oldest."""
        self._since += 1
        if monotonic() < self._next_look:
            return
        self._next_look, came, self._since = monotonic() + LOOK_EVERY_S, self._since, 0
        with suppress(*CONNECTION_ERRORS):
            self._note(self._count(), came)

    def _count(self) -> int:
        connection = BrokerConnection(self._url, heartbeat_s=0)
        try:
            return int(connection.channel.queue_declare(names.dead_queue(self._service), passive=True).message_count)
        finally:
            connection.close()
            connection.dispose()

    def _note(self, letters: int, came: int) -> None:
        # More than the limit: there is no policy here, and nothing is pushed out.
        pushed_out = came if letters == topology.DEAD_LETTERS else 0
        METRICS.record_dead_letter_level(self._service, letters, pushed_out)
        if pushed_out:
            log.error("bus.dead_letters.full", extra={
                "service": self._service, "letters": letters, "pushed_out": pushed_out})
