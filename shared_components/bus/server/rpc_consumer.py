"""Serve a service's RPC queue: split messages into calls, group them by method, reply, acknowledge."""
from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from time import monotonic, time
from typing import Any

from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from shared_components.bus.amqp import names, topology
from shared_components.bus.amqp.connection import CONNECTION_ERRORS, BrokerConnection, backoff_s
from shared_components.bus.amqp.reply_nodes import ReplyNodes
from shared_components.bus.client.retry_plan import refused_after_an_attempt
from shared_components.bus.errors import MalformedMessage
from shared_components.bus.server.directory_apps import KnownTenants
from shared_components.bus.server.inbound import Delivery, InboundCall, Reader
from shared_components.bus.server.load_shedding import MethodBacklog
from shared_components.bus.server.queue_consumer import QueueConsumer
from shared_components.bus.server.replies import send_replies
from shared_components.bus.server.sealed_arguments import SealedArguments
from shared_components.bus.server.session_persons import LoginKeys, SessionPersons
from shared_components.bus.server.transactions import TransactionProvider, Transactions
from shared_components.contracts.registry import MethodContract, service_contract
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import Internal, Unavailable
from shared_components.kernel.reply_addresses import node_of
from shared_components.observability import calls as call_log
from shared_components.observability.load import load_meter
from shared_components.observability.metrics import METRICS
from shared_components.security.proofs.key_folder import KeyFolder
from shared_components.security.seal_keys import SealKeys
from shared_components.security.sealed_secrets import Opener

log = logging.getLogger(__name__)

CONSUMER_TAG = "rpc"
# How often a broker that cannot be connected to is asked whether it knows the node of an address.
TRIES = 8
# Two groups of one method at a time: one is being committed while the next gathers.
GROUPS_AT_ONCE = 2
# With many calls waiting, looking at all of them at each message and each reply would be work of its own.
LOOK_EVERY_S, FEW = 0.05, 64


@dataclass
class _Method:
    entrypoint: RpcMethod
    backlog: MethodBacklog
    running: int = 0


class RpcConsumer(QueueConsumer):
    """Consumes the queue of calls for all `@rpc_method`s of a container."""

    part, connection_name, thread_name = "calls", "rpc", "rpc"

    def setup(self) -> None:
        super().setup()
        self.reply_nodes = ReplyNodes(self.container.config["zhongtai"]["broker"]["url"])
        self._methods: dict[str, _Method] = {}
        self._deliveries: set[Delivery] = set()
        self._running = 0
        self._look_at = 0.0

    def start(self) -> None:
        if self._methods or self.limits["serves"] == "events":
            return
        self._methods = {provider.method_name: self._method(provider) for provider in self._providers}
        self.reader = Reader(self.service, {
            name: method.entrypoint.contract for name, method in self._methods.items()}, self.limits,
            SessionPersons.from_configuration(
                service_contract(self.container.service_cls), self.container.config["zhongtai"], self._login_keys()),
            KnownTenants(self._refresh_copies()), self._sealed_arguments())
        METRICS.record_in_hand(names.rpc_queue(self.service), lambda: len(self._deliveries))
        self._load = load_meter(self.service)
        self._load.waiting = lambda: sum(len(method.backlog.calls) for method in list(self._methods.values()))
        self._connect()

    def _login_keys(self) -> LoginKeys | None:
        """None: the service keeps no copy of a feed, and takes no token of the login."""
        provider, refresh = self._copying(), self._refresh_copies()
        if provider is None or provider.copies is None or refresh is None:
            return None
        return LoginKeys(refresh, provider.copies.signing_key, provider.copies.clock)

    def _sealed_arguments(self) -> SealedArguments:
        configuration = self.container.config["zhongtai"]
        keys = KeyFolder.from_configuration(configuration["security"], configuration["environment"])
        methods = {name: method.entrypoint.contract for name, method in self._methods.items()}
        return SealedArguments(self.service, methods, Opener(self.service, SealKeys(self.service, keys).private))

    def _refresh_copies(self) -> Callable[[], None] | None:
        """Read the service's copies of feeds; None where it keeps none."""
        provider = self._copying()
        return None if provider is None else Transactions(provider).refresh_copies

    def _copying(self) -> TransactionProvider | None:
        """The provider that keeps copies of feeds, if there is one."""
        for provider in self.container.dependencies:
            if isinstance(provider, TransactionProvider) and provider.copies is not None:
                return provider
        return None

    def _method(self, provider: RpcMethod) -> _Method:
        bulk, workers = provider.contract.bulk, self.limits["workers"]
        return _Method(provider, MethodBacklog(
            self.limits["group_size"] if bulk else 1, min(GROUPS_AT_ONCE, workers) if bulk else workers))

    def _drain(self) -> None:
        super()._drain()
        if self._deliveries:
            log.warning("bus.drain.unfinished", extra={"service": self.service, "messages": len(self._deliveries)})

    # connection

    def declare(self, channel: Any) -> None:
        topology.declare_rpc(channel, self.service, queues=self.queue_kind)
        topology.declare_dead_letters(channel, self.service)

    @property
    def queues(self) -> list[str]:
        return [names.rpc_queue(self.service), names.dead_queue(self.service)]

    @property
    def exchanges(self) -> list[str]:
        return [names.RPC_EXCHANGE, names.DEAD_EXCHANGE]

    @property
    def _tags(self) -> Sequence[str]:
        return [CONSUMER_TAG]

    @property
    def _unacknowledged(self) -> Collection[Delivery]:
        return self._deliveries

    def _open(self, connection: BrokerConnection) -> None:
        self.declare(connection.channel)
        connection.channel.basic_qos(0, self.limits["prefetch"], False)
        if not self._stopping.is_set():
            connection.consume(names.rpc_queue(self.service), partial(self._arrived, connection), tag=CONSUMER_TAG)

    def _lost(self, connection: BrokerConnection) -> None:
        """Unacknowledged messages will be delivered again; what had not begun is forgotten here."""
        self.reply_nodes.forget()
        for method in self._methods.values():
            calls = method.backlog.calls
            method.backlog.calls = deque(call for call in calls if call.delivery.connection is not connection)
        self._deliveries = {delivery for delivery in self._deliveries if delivery.connection is not connection}

    # messages

    def _arrived(self, connection: BrokerConnection, message: Any) -> None:
        if message.delivery_info["redelivered"]:
            self._set_apart(connection, message)
        else:
            self._on_message(connection, message)

    def _set_apart(self, connection: BrokerConnection, message: Any) -> None:
        self._move_to_quarantine(connection, message, names.rpc_queue(self.service))

    def _take_from_quarantine(self, connection: BrokerConnection, message: Any) -> None:
        self._on_message(connection, message)

    def _on_message(self, connection: BrokerConnection, message: Any) -> None:
        node = node_of(message.properties.get("reply_to"))
        if node is None or self.reply_nodes.knows(node):
            self._take(connection, message)
        else:
            # Beside the reader: the broker is asked, on another connection.
            threading.Thread(target=self._take_if_answerable, args=(connection, message), daemon=True).start()

    def _take_if_answerable(self, connection: BrokerConnection, message: Any) -> None:
        sender = str(message.properties.get("user_id") or "")
        for attempt in range(TRIES):
            answerable = self.reply_nodes.prove(message.properties["reply_to"], sender)
            if connection.closed:
                return
            if answerable:
                self._take(connection, message)
                return
            if answerable is False:
                break
            threading.Event().wait(backoff_s(attempt))
        refusal = MalformedMessage(Bilingual(
            "`reply_to` names a node that this broker does not have",
            "`reply_to` 指向的节点不属于该消息代理"))
        self._dead_letter(connection, message, refusal)

    def _take(self, connection: BrokerConnection, message: Any) -> None:
        try:
            delivery, calls = self.reader.read(connection, message)
        except Exception as error:
            self._dead_letter(connection, message, error)
            return
        self._deliveries.add(delivery)
        self._load.arrived(len(calls))
        answered: list[InboundCall] = []
        touched: dict[str, _Method] = {}
        for call in calls:
            if call.request.done:
                answered.append(call)
            else:
                method = self._methods[call.method]
                method.backlog.calls.append(call)
                touched[call.method] = method
        if answered:
            self._answer(answered)
            self._log_refused(answered)
        for method in touched.values():
            self._kick(method)
        self._shed_expired()

    def _log_refused(self, calls: Sequence[InboundCall]) -> None:
        """Calls that never reached a method: under the method's name where there is one, so that labels stay few."""
        for call in calls:
            known = call.method if call.method in self._methods else "unknown"
            call_log.group_finished(self.service, known, [call.request], 0.0)

    def _kick(self, method: _Method) -> None:
        """Start workers for what waits, as far as there is room."""
        backlog, workers = method.backlog, self.limits["workers"]
        while backlog.calls and method.running < backlog.concurrent_groups and self._running < workers:
            group = [backlog.calls.popleft() for _ in range(min(backlog.group_size, len(backlog.calls)))]
            method.running += 1
            self._running += 1
            METRICS.working(self.service, len(group))
            started = monotonic()
            self._load.started(len(group), started - group[0].delivery.arrived_s)
            try:
                self.container.spawn_worker(
                    method.entrypoint, ([call.request for call in group],), {}, context_data={},
                    handle_result=partial(self._finished, method, group, started),
                )
            except ContainerBeingKilled:
                # unacknowledged: the broker gives it to another process
                return

    def _shed_expired(self) -> None:
        """Answer those who would get their result too late, while they still listen."""
        waiting = [method for method in self._methods.values() if method.backlog.calls]
        now = monotonic()
        if not waiting or (now < self._look_at and sum(len(method.backlog.calls) for method in waiting) > FEW):
            return
        self._look_at = now + LOOK_EVERY_S
        refused: list[InboundCall] = []
        for method in waiting:
            others_s = sum(other.backlog.work_s() for other in waiting if other is not method)
            refused += method.backlog.shed_expired(time(), others_s / self.limits["workers"])
        if refused:
            self._answer(refused)
            self._log_refused(refused)

    def _finished(
        self, method: _Method, group: Sequence[InboundCall], started: float, worker_ctx: Any, result: Any,
        exc_info: Any,
    ) -> tuple[Any, Any]:
        method.running -= 1
        self._running -= 1
        method.backlog.note(monotonic() - started)
        METRICS.working(self.service, -len(group))
        requests = [call.request for call in group]
        for request in requests:
            if not request.done:
                request.finish(Internal())
        self._answer(group)
        took_s = monotonic() - started
        self._load.ended(len(group), took_s, failed=call_log.our_troubles(requests))
        call_log.group_finished(self.service, method.entrypoint.method_name, requests, took_s)
        self._shed_expired()
        self._kick(method)
        for other in self._methods.values():
            if other.backlog.calls and self._running < self.limits["workers"]:
                self._kick(other)
        # the outcome was answered: for nameko nothing failed
        return None, None

    def _doubt(self, call: InboundCall) -> None:
        """A refusal says that nothing was done now; it knows nothing of who had the message before, and may have."""
        method, outcome = self._methods.get(call.method), call.request.outcome
        if isinstance(outcome, Unavailable) and method is not None and method.entrypoint.contract.mutating:
            call.request.finish(refused_after_an_attempt(outcome, call.request.context.op_id))

    def _answer(self, calls: Sequence[InboundCall]) -> None:
        deliveries = {call.delivery for call in calls}  # few: to look at each of them costs less than at each call
        if any(delivery.again for delivery in deliveries):
            for call in calls:
                if call.delivery.again:
                    self._doubt(call)
        connections = {delivery.connection for delivery in deliveries}
        for connection in connections:
            self._answer_on(connection, calls if len(connections) == 1 else [
                call for call in calls if call.delivery.connection is connection])

    def _answer_on(self, connection: BrokerConnection, calls: Sequence[InboundCall]) -> None:
        try:
            with nullcontext() if self.step_hook.separate_writes else connection.one_write():
                self._reply_and_acknowledge(calls)
        except CONNECTION_ERRORS:
            # The connection broke: the messages come again, and their operations answer from the record.
            log.warning("bus.reply.undelivered", extra={"service": self.service, "calls": len(calls)})
            connection.abort()
        except Exception:
            # Raised further it would end the service's process. The messages come again, a few times at most.
            log.exception("bus.reply.failed", extra={"service": self.service, "calls": len(calls)})
            connection.abort()

    def _reply_and_acknowledge(self, calls: Sequence[InboundCall]) -> None:
        self.step_hook.reach("before-reply")
        send_replies(calls, self.limits["max_message_bytes"])
        self.step_hook.reach("after-reply")
        for call in calls:
            delivery = call.delivery
            delivery.open -= 1
            if delivery.open == 0:
                self._deliveries.discard(delivery)
                delivery.connection.ack(delivery.tag)
                self.step_hook.reach("after-ack")
                if delivery.again:
                    self.quarantine.finished(delivery.connection, delivery.tag)


class RpcMethod(Entrypoint):  # type: ignore[misc]
    """Serves one method of a service's RPC queue."""

    consumer = RpcConsumer()

    def __init__(self, contract: MethodContract, **kwargs: Any) -> None:
        self.contract = contract
        super().__init__(**kwargs)

    def setup(self) -> None:
        self.consumer.register_provider(self)

    def stop(self) -> None:
        self.consumer.unregister_provider(self)
