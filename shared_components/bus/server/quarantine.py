"""Serves messages that were delivered before apart from all others: one of them may be what ended a connection.

A queue of calls is classic: it counts no deliveries, and `redelivered` says neither how often nor whose fault it was.
So what comes again is moved to a quorum queue, which counts, and is served from there on a connection of its own. A
few are taken together when they come there for the first time, or a broker's restart would be felt for long. One that
was in hand when that connection, or the process, has ended is served alone the next time, and dead-lettered when that
ends too. None costs more than five deliveries, and innocent ones that were in hand beside it are not counted twice.

inproc:// counts too, but forgets with its process: what ends that has ended the messages as well.
"""
from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from time import monotonic
from typing import Any

from shared_components.bus.amqp import names, topology
from shared_components.bus.amqp.carried_proofs import ProofSeal
from shared_components.bus.amqp.connection import CONNECTION_ERRORS, BrokerConnection, backoff_s
from shared_components.bus.amqp.publisher import Outgoing, Publisher
from shared_components.bus.amqp.quarantine_messages import deliveries_before, fingerprint, is_expired, unpack
from shared_components.bus.amqp.reconnecting import ReconnectingConnection
from shared_components.bus.errors import DeliveredTooOften
from shared_components.bus.server.dead_letters import DeadLetters
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.observability.metrics import METRICS

log = logging.getLogger(__name__)

AT_ONCE = 32
# A message that was moved may come once more, and is then let go: so many, for so long.
MOVED_REMEMBERED, MOVED_REMEMBERED_S = 10_000, 30.0
# Shorter than elsewhere: what ends the connection does so a few times only, and innocent messages wait behind it.
LONGEST_PAUSE_S = 0.5


class Quarantine:
    """Quarantine of a service's calls, or of its events.

    take(connection, message): serves a message; whoever has acknowledged it calls `finished`.
    on_lost(connection): what was in hand on it is void. proofs: seals tokens and tickets of calls.
    """

    def __init__(
        self, configuration: Any, service: str, part: str, *, take: Callable[[BrokerConnection, Any], None],
        on_lost: Callable[[BrokerConnection], None], dead_letters: DeadLetters,
        proofs: ProofSeal | None,
    ) -> None:
        url, heartbeat_s = configuration["broker"]["url"], configuration["broker"]["heartbeat_s"]
        self.service = service
        self.queue = names.quarantine_queue(service, part)
        self.moving = 0
        self._part, self._take, self._told_lost, self._dead_letters = part, take, on_lost, dead_letters
        self._proofs = proofs
        self.publisher = Publisher(
            url, name=f"quarantine-{part}-{service}-moves", heartbeat_s=heartbeat_s,
            confirm_timeout_s=configuration["bus"]["confirm_timeout_s"], declare=self._declare)
        self.broker = ReconnectingConnection(
            url, name=f"quarantine-{part}-{service}", heartbeat_s=heartbeat_s, on_open=self._open, on_lost=self._lost,
            longest_pause_s=LONGEST_PAUSE_S)
        self._tags = (f"quarantine-{number}" for number in count(1))
        self._tag = ""
        self._in_hand: set[Any] = set()
        self._suspect: Any = None
        self._moved: OrderedDict[bytes, float] = OrderedDict()
        self._being_moved: set[bytes] = set()
        self._cancelled = False
        self._stopping = False

    def _declare(self, channel: Any) -> None:
        topology.declare_quarantine(channel, self.queue)

    # moving there

    def move(self, connection: BrokerConnection, message: Any, copy: Outgoing) -> None:
        """Publish the copy, and acknowledge the message once the broker has it. Runs beside the reader."""
        self.moving += 1
        METRICS.record_redelivered(self.service, self._part)
        threading.Thread(target=self._move, args=(connection, message, copy), daemon=True).start()

    def _move(self, connection: BrokerConnection, message: Any, copy: Outgoing) -> None:
        try:
            if self._is_moved(connection, copy):
                with suppress(*CONNECTION_ERRORS):
                    connection.ack(_tag(message))
        finally:
            self.moving -= 1

    def _is_moved(self, connection: BrokerConnection, copy: Outgoing) -> bool:
        """Publish a copy, once: its message comes again when its connection was lost before the acknowledgement."""
        known = fingerprint(copy)
        while known in self._being_moved:
            threading.Event().wait(0.02)
        if self._moved.get(known, 0.0) > monotonic() - MOVED_REMEMBERED_S:
            return True
        self._being_moved.add(known)
        try:
            return self._is_published(connection, copy)
        finally:
            self._being_moved.discard(known)

    def _is_published(self, connection: BrokerConnection, copy: Outgoing) -> bool:
        for attempt in count():
            with suppress(AppError):
                self.publisher.publish([copy])
                self._remember(fingerprint(copy))
                return True
            # Not given back: it would come again at once, and be counted where deliveries are.
            threading.Event().wait(backoff_s(attempt))
            if connection.closed or self._stopping:
                return False
        raise AssertionError("count() does not end")

    def _remember(self, known: bytes) -> None:
        self._moved[known] = monotonic()
        while len(self._moved) > MOVED_REMEMBERED:
            self._moved.popitem(last=False)

    # serving there

    def _open(self, connection: BrokerConnection) -> None:
        self._declare(connection.channel)
        topology.declare_dead_letters(connection.channel, self.service)
        connection.channel.basic_qos(0, 1, False)
        if not self._stopping:
            self._consume(connection)

    def _consume(self, connection: BrokerConnection, *, nowait: bool = False) -> None:
        self._tag, self._cancelled = next(self._tags), False
        connection.consume(self.queue, partial(self._on_message, connection), tag=self._tag, nowait=nowait)

    def _lost(self, connection: BrokerConnection) -> None:
        self._in_hand.clear()
        self._suspect = None
        self._told_lost(connection)

    def _on_message(self, connection: BrokerConnection, message: Any) -> None:
        if deliveries_before(message):
            self._serve_alone(connection, message)
            return
        batch = [message, *self._more(connection)]
        if deliveries_before(batch[-1]):
            self._suspect = batch.pop()
            # Sent before anything is acknowledged, so that no other is in hand beside the suspect.
            self._cancelled = True
            connection.cancel(self._tag)
        self._in_hand.update(_tag(one) for one in batch)
        for one in batch:
            self._serve(connection, one)

    def _serve_alone(self, connection: BrokerConnection, message: Any) -> None:
        if self._in_hand:
            self._suspect = message  # It is the only one that the consumer may have in hand: no other comes.
        else:
            self._in_hand.add(_tag(message))
            self._serve(connection, message)

    def _more(self, connection: BrokerConnection) -> list[Any]:
        """More for the first time; the last one may have been delivered before."""
        more: list[Any] = []
        while len(more) < AT_ONCE - 1 and not self._stopping:
            message = connection.get(self.queue)
            if message is None:
                break
            more.append(message)
            if deliveries_before(message):
                break
        return more

    def _serve(self, connection: BrokerConnection, message: Any) -> None:
        times = deliveries_before(message)
        try:
            original = unpack(message, connection.user, self._proofs)
        except AppError as error:
            self._dead_letter(connection, message, error)
            return
        if times >= topology.QUARANTINE_DELIVERY_LIMIT:
            self._dead_letter(connection, original, DeliveredTooOften(Bilingual(
                f"it was delivered {times + 2} times before, and each time the connection or process has ended",
                f"此前已投递 {times + 2} 次，每次连接或进程都随之中断")))
        elif is_expired(message):
            connection.ack(_tag(message))
            self.finished(connection, _tag(message))
        else:
            self._take(connection, original)

    def _dead_letter(self, connection: BrokerConnection, message: Any, error: AppError) -> None:
        self._dead_letters.take(
            connection, message, error, queue=message.delivery_info.get("queue", ""),
            done=partial(self.finished, connection, _tag(message)))

    def finished(self, connection: BrokerConnection, tag: Any) -> None:
        """A message was acknowledged; harmless for one of another connection."""
        if connection is not self.broker.connection or tag not in self._in_hand:
            return
        self._in_hand.discard(tag)
        if self._in_hand or self._stopping:
            return
        suspect, self._suspect = self._suspect, None
        if suspect is not None:
            self._serve_alone(connection, suspect)
        elif self._cancelled:
            self._consume(connection, nowait=True)

    # stopping

    def drain(self) -> None:
        """Take no more."""
        self._stopping = True
        connection = self.broker.connection
        if connection is not None:
            with suppress(*CONNECTION_ERRORS):
                connection.cancel(self._tag)

    def stop(self) -> None:
        self._stopping = True
        self.broker.stop()
        self.publisher.close()

    def abort(self) -> None:
        self._stopping = True
        self.broker.abort()
        self.publisher.close()


def _tag(message: Any) -> Any:
    return message.delivery_info["delivery_tag"]
