"""Looks every few seconds whether what a service needs at the broker is there, and restores what its user may restore.

With the shipped rights a service restores its own queues and their bindings. Exchanges come with the broker's
definitions, and nobody but who loads those may declare one: readiness says when one is missing.
"""
from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

from amqp import Message
from amqp.exceptions import AccessRefused, NotFound, PreconditionFailed

from shared_components.bus.amqp import degraded, instances, names
from shared_components.bus.amqp.connection import CONNECTION_ERRORS, BrokerConnection, backoff_s
from shared_components.observability.metrics import METRICS

log = logging.getLogger(__name__)

EVERY_S, TELL_EVERY_S = 3.0, 1.0
CONFIRM_TIMEOUT_S = 2.0


@dataclass(frozen=True)
class Needed:
    """Required exchanges and queues. declare: declares queues and bindings on a channel; safe to repeat.

    probes: whether it is tried that an unknown routing key is returned; the user needs the right to publish replies.
    """

    exchanges: Collection[str]
    queues: Collection[str] = ()
    declare: Callable[[Any], None] = lambda channel: None
    probes: bool = False


class TopologyWatch:
    """On a connection of its own, since a question about what is missing ends its channel."""

    def __init__(
        self, url: str, needed: Needed, *, service: str, heartbeat_s: int, every_s: float = EVERY_S,
        verified: bool = False,
    ) -> None:
        """verified: the broker verifies the users of messages (bus.caller_authentication)."""
        self._instance = instances.announce(service)
        self._url, self._needed, self._service = url, needed, service
        self._heartbeat_s, self._every_s = heartbeat_s, every_s
        self._stopping = threading.Event()
        self._verified = verified
        self.problem: str | None = None

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True, name=f"topology-{self._service}").start()

    def stop(self) -> None:
        self._stopping.set()

    def _run(self) -> None:
        connection: BrokerConnection | None = None
        attempt, told, degrades = 0, False, False
        while not self._stopping.is_set():
            try:
                if connection is None:
                    connection = BrokerConnection(self._url, heartbeat_s=self._heartbeat_s)
                    told, degrades = instances.declare(connection), degraded.declare(connection)
                with _one_channel(connection) as channel:
                    self._tell(self._look(channel, connection.user))
                    telling = told and _is_there(channel, "exchange", names.INSTANCES)
                if degrades:
                    self._follow(connection)
                attempt = 0
                if telling:
                    self._tell_load(connection)
                    continue
            except CONNECTION_ERRORS:
                # That there is no connection is told by those who work on one.
                attempt += 1
                if connection is not None:
                    connection.dispose()
                    connection = None
            self._stopping.wait(max(self._every_s, backoff_s(attempt) if attempt else 0.0))
        if connection is not None:
            connection.close()
            connection.dispose()

    def _follow(self, connection: BrokerConnection) -> None:
        """Know what operators have switched off."""
        found = degraded.read(connection, verified=self._verified)
        if found is not None and found != degraded.current():
            log.warning("bus.degraded.changed", extra={
                "service": self._service, "names": sorted(found.names), "until": found.until})
            degraded.apply(found)

    def _tell_load(self, connection: BrokerConnection) -> None:
        """Until the next look, tell of this process and its load: who scales decides within seconds."""
        until = monotonic() + self._every_s
        while True:
            instances.tell(connection, self._instance)
            left_s = until - monotonic()
            if self._stopping.wait(max(min(left_s, TELL_EVERY_S), 0.0)) or left_s <= TELL_EVERY_S:
                return

    def _tell(self, problem: str | None) -> None:
        if problem is not None and problem != self.problem:
            log.error("bus.topology.wrong", extra={"service": self._service, "problem": problem})
        elif problem is None and self.problem is not None:
            log.info("bus.topology.restored", extra={"service": self._service})
        self.problem = problem

    def _look(self, channel: Any, user: str | None) -> str | None:
        missing = [
            f"exchange '{name}'" for name in self._needed.exchanges if not _is_there(channel, "exchange", name)]
        missing += [f"queue '{name}'" for name in self._needed.queues if not _is_there(channel, "queue", name)]
        try:
            # Bindings cannot be asked for: they are made again, which changes nothing where they are.
            self._needed.declare(channel)
        except (AccessRefused, NotFound, PreconditionFailed) as error:
            what = ", ".join(missing) or "an exchange, a queue or a binding"
            return f"{what} is missing or otherwise declared ({error.code}); load the broker's definitions"
        if missing:
            return f"missing at the broker: {', '.join(missing)}"
        if self._needed.probes and not _returns_unknown_keys(channel, user):
            return (f"exchange '{names.RPC_EXCHANGE}' passes on what nobody is bound to: it has an alternate exchange, "
                    "or a queue is bound to every key; load the broker's definitions, and look at its bindings")
        return None


@contextmanager
def _one_channel(connection: BrokerConnection) -> Iterator[Any]:
    """A channel for all questions of one look. The broker closes it over what is missing; py-amqp opens it again."""
    channel = connection.channel.connection.channel()
    try:
        yield channel
    finally:
        with suppress(*CONNECTION_ERRORS):
            channel.close()


def _is_there(channel: Any, kind: str, name: str) -> bool:
    try:
        if kind == "exchange":
            channel.exchange_declare(name, "", passive=True)
        else:
            state = channel.queue_declare(name, passive=True)
            METRICS.record_queue(name, state.message_count, state.consumer_count)
    except NotFound:
        return False
    return True


def _returns_unknown_keys(channel: Any, user: str | None) -> bool:
    """Publish where no queue can be bound. What comes back was passed on to nobody."""
    returned: list[Any] = []
    channel.events["basic_return"] = {lambda *parts: returned.append(parts)}
    properties = {"user_id": user} if user else {}
    channel.basic_publish_confirm(
        Message(b"", expiration="0", **properties), exchange=names.RPC_EXCHANGE, routing_key=str(uuid.uuid4()),
        mandatory=True, confirm_timeout=CONFIRM_TIMEOUT_S)
    return bool(returned)
