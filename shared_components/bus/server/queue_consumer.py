"""The base of the consumers of calls and of events: connection, quarantine, dead letters, and how they stop."""
from __future__ import annotations

import logging
import threading
from abc import abstractmethod
from collections.abc import Collection, Sequence
from functools import partial
from time import monotonic
from typing import Any, ClassVar

from nameko.extensions import ProviderCollector, SharedExtension

from shared_components.bus.amqp import decoding_guard, topology
from shared_components.bus.amqp.connection import CONNECTION_ERRORS, BrokerConnection
from shared_components.bus.amqp.quarantine_messages import pack
from shared_components.bus.amqp.reconnecting import ReconnectingConnection
from shared_components.bus.server.dead_letters import DeadLetters
from shared_components.bus.server.proof_seal import proof_seal
from shared_components.bus.server.quarantine import Quarantine
from shared_components.bus.server.step_hook import NO_HOOK, StepHook, step_hook

log = logging.getLogger(__name__)

START_WAIT_S = 3.0
DRAIN_POLL_S = 0.01


class QueueConsumer(ProviderCollector, SharedExtension):  # type: ignore[misc]
    """One a container, shared by all its entrypoints of one kind.

    part: of the service's quarantine, `calls` or `events`. connection_name: names the connection at the broker.
    thread_name: names its threads.
    """

    part: ClassVar[str]
    connection_name: ClassVar[str]
    thread_name: ClassVar[str]
    step_hook: StepHook = NO_HOOK

    def setup(self) -> None:
        configuration = self.container.config["zhongtai"]
        self.service = self.container.service_name
        self.limits = configuration["bus"]
        self.queue_kind = configuration["broker"].get("queues", topology.CLASSIC)
        self.step_hook = step_hook(self.container.config)
        self.broker = ReconnectingConnection(
            configuration["broker"]["url"], name=f"{self.connection_name}-{self.service}",
            heartbeat_s=configuration["broker"]["heartbeat_s"], on_open=self._open, on_lost=self._lost,
        )
        self.dead_letters = DeadLetters(configuration, self.service)
        self._proofs = proof_seal(self.service, configuration) if self.part == "calls" else None
        self.quarantine = Quarantine(
            configuration, self.service, self.part, take=self._take_from_quarantine, on_lost=self._lost,
            dead_letters=self.dead_letters, proofs=self._proofs)
        self._stopping = threading.Event()
        self._drained = threading.Event()

    @abstractmethod
    def declare(self, channel: Any) -> None:
        """Declare what is consumed and where dead letters go. Safe to repeat."""

    @property
    @abstractmethod
    def queues(self) -> list[str]:
        """The queues that must exist at the broker."""

    @property
    @abstractmethod
    def exchanges(self) -> list[str]:
        """The exchanges that must exist at the broker."""

    @property
    @abstractmethod
    def _tags(self) -> Sequence[str]:
        """The consumer tags on the main connection."""

    @property
    @abstractmethod
    def _unacknowledged(self) -> Collection[Any]:
        """Messages in hand, of both connections."""

    @abstractmethod
    def _open(self, connection: BrokerConnection) -> None: ...

    @abstractmethod
    def _lost(self, connection: BrokerConnection) -> None: ...

    @abstractmethod
    def _take_from_quarantine(self, connection: BrokerConnection, message: Any) -> None: ...

    def _connect(self) -> None:
        """Start both connections. "Started" means consuming when the broker is there; else they keep trying."""
        spawn = self.container.spawn_managed_thread
        self.broker.start(partial(spawn, identifier=f"{self.thread_name}-consumer"))
        self.quarantine.broker.start(partial(spawn, identifier=f"{self.thread_name}-quarantine"))
        self.broker.wait_open(START_WAIT_S)

    @property
    def consuming(self) -> bool:
        connection = self.broker.connection
        return connection is not None and not connection.blocked and not self._stopping.is_set()

    # stopping: no new messages, then finish what is here, acknowledge it, and only then let go

    def unregister_provider(self, provider: Any) -> None:
        if not self._stopping.is_set():
            self._stopping.set()
            self._drain()
        self._drained.wait()
        super().unregister_provider(provider)

    def _drain(self) -> None:
        deadline = monotonic() + self.limits["drain_s"]
        connection = self.broker.connection
        self.quarantine.drain()
        try:
            if connection is not None:
                for tag in self._tags:
                    connection.cancel(tag)
                while not all(map(connection.is_cancelled, self._tags)) and monotonic() < deadline:
                    threading.Event().wait(DRAIN_POLL_S)
            while (self._unacknowledged or self.quarantine.moving) and self.broker.connection is connection \
                    and monotonic() < deadline:
                threading.Event().wait(DRAIN_POLL_S)
        except CONNECTION_ERRORS:
            log.warning("bus.drain.cut", extra={"service": self.service})
        finally:
            self._drained.set()

    def stop(self) -> None:
        self.broker.stop()
        self.quarantine.stop()
        self.dead_letters.close()

    def kill(self) -> None:
        self._drained.set()
        self.broker.abort()
        self.quarantine.abort()
        self.dead_letters.close()

    # messages that are not served here

    def _move_to_quarantine(
        self, connection: BrokerConnection, message: Any, queue: str, *, largest_attempt: int = 0,
    ) -> None:
        try:
            decoding_guard.refuse_unreadable(message)
            copy = pack(
                message, self.quarantine.queue, queue, largest_attempt=largest_attempt, proofs=self._proofs)
        except Exception as error:
            self._dead_letter(connection, message, error, queue)
        else:
            self.quarantine.move(connection, message, copy)

    def _dead_letter(self, connection: BrokerConnection, message: Any, error: Exception, queue: str = "") -> None:
        """queue: of the handler to which the message may be sent again."""
        finished = partial(self.quarantine.finished, connection, message.delivery_info["delivery_tag"])
        self.dead_letters.take(connection, message, error, queue=queue, done=finished)
