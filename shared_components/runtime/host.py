"""Hosts services in this process: nameko containers for bus services, uvicorn for an ASGI service (the gateway)."""
from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any

from shared_components.bus.amqp.instances import announce
from shared_components.bus.amqp.reconnecting import LOSSES, LOSSES_WITHIN_S, ReconnectingConnection
from shared_components.bus.server.outbox_relay import OutboxRelay
from shared_components.bus.server.queue_consumer import QueueConsumer
from shared_components.bus.server.rpc_consumer import RpcConsumer
from shared_components.bus.server.step_hook import CONFIG_KEY, NO_HOOK, StepHook
from shared_components.bus.server.topology_watch import Needed, TopologyWatch
from shared_components.bus.server.transactions import SettingsLoader, load_settings
from shared_components.observability.health import Health
from shared_components.runtime.container import Container

log = logging.getLogger(__name__)

# A consumer that has had no connection for this long is not alive: a restart may heal what it cannot.
LONGEST_WITHOUT_CONNECTION_S = 120.0
SPARE_WORKERS = 10


class ServiceHost:
    """Containers of several services, started and stopped together."""

    def __init__(
        self, services: Sequence[type[Any]], configuration_of: Callable[[str], Mapping[str, Any]], health: Health,
        *, load_settings: SettingsLoader = load_settings, step_hook: StepHook = NO_HOOK,
    ) -> None:
        """configuration_of: a service's name → the configuration as that service sees it.

        step_hook: called at the bus's named steps; fault tests pass one, production does not.
        """
        self._configuration_of = configuration_of
        self._load_settings = load_settings
        self._step_hook = step_hook
        self._containers = [self._container(service) for service in services]
        self._health = health
        self._watches: list[TopologyWatch] = []
        self._stopping = threading.Event()

    def _container(self, service: type[Any]) -> Container:
        configuration = self._configuration_of(service.name)
        bus = configuration["bus"]
        return Container(service, {
            "zhongtai": configuration,
            "zhongtai.load_settings": self._load_settings,
            CONFIG_KEY: self._step_hook,
            "AMQP_URI": configuration["broker"]["url"],
            "max_workers": bus["workers"] + bus["event_workers"] + SPARE_WORKERS,
        })

    def start(self) -> None:
        for container in self._containers:
            container.start()
            self._watch(container)
            log.info("bus.service.started", extra={"service": container.service_name})

    def _watch(self, container: Container) -> None:
        name = container.service_name
        consumers = [e for e in container.subextensions if isinstance(e, QueueConsumer)]
        for consumer in consumers:
            if consumer.broker.running:
                self._health.add_liveness(consumer.broker.name, partial(self._liveness, consumer.broker))
                self._health.add_readiness(f"{consumer.broker.name}-consuming", partial(_readiness, consumer))
        self._watch_topology(container, [consumer for consumer in consumers if consumer.broker.running])
        for extension in container.subextensions:
            if isinstance(extension, OutboxRelay) and extension.database is not None:
                self._health.add_readiness(f"{name}-database", _ping(extension.database))
                self._health.add_readiness(f"{name}-publishing", partial(_publishing, extension))

    def _watch_topology(
        self, container: Container, consumers: Sequence[QueueConsumer],
    ) -> None:
        name, configuration = container.service_name, self._configuration_of(container.service_name)
        broker, verified = configuration["broker"], configuration["bus"]["caller_authentication"] == "broker"
        if not consumers or broker["url"].startswith("inproc"):
            announce(name)
            return  # There it cannot be changed from outside.

        def declare(channel: Any) -> None:
            for consumer in consumers:
                consumer.declare(channel)

        watch = TopologyWatch(broker["url"], Needed(
            exchanges=sorted({exchange for consumer in consumers for exchange in consumer.exchanges}),
            queues=sorted({queue for consumer in consumers for queue in consumer.queues}), declare=declare,
            probes=any(isinstance(consumer, RpcConsumer) for consumer in consumers),
        ), service=name, heartbeat_s=broker["heartbeat_s"], verified=verified)
        watch.start()
        self._watches.append(watch)
        self._health.add_readiness(f"{name}-topology", lambda: watch.problem)

    def _liveness(self, broker: ReconnectingConnection) -> str | None:
        if self._stopping.is_set():
            return None  # Loops end now one by one, as they should; whoever asked for it has set a time limit.
        if not broker.running:
            return "consumer loop has ended"
        if broker.lost_for_s > LONGEST_WITHOUT_CONNECTION_S:
            return f"no connection for {broker.lost_for_s:.0f} s"
        if broker.is_unsteady:
            return f"its connection was lost {LOSSES} times within {LOSSES_WITHIN_S:.0f} s"
        return None

    def stop(self, timeout_s: float) -> bool:
        """Stop all, callers before those whom they call. False when something had to be cut off.

        Each container finishes what it has taken from its queues, within the drain time.
        """
        self._stopping.set()
        for watch in self._watches:
            watch.stop()
        deadline = monotonic() + timeout_s
        clean = True
        for container in reversed(self._containers):
            clean = self._stop_one(container, max(deadline - monotonic(), 1.0)) and clean
        return clean

    def _stop_one(self, container: Container, timeout_s: float) -> bool:
        stopped = threading.Event()

        def stop() -> None:
            with suppress(Exception):
                container.stop()
            stopped.set()

        threading.Thread(target=stop, daemon=True).start()
        if stopped.wait(timeout_s):
            log.info("bus.service.stopped", extra={"service": container.service_name})
            return True
        log.error("bus.service.cut_off", extra={"service": container.service_name})
        container.kill()
        return False

    def failed(self) -> str | None:
        """The name of a service whose container has died, or None."""
        for container in self._containers:
            if container._died.ready() and not self._stopping.is_set():
                return str(container.service_name)
        return None


def _readiness(consumer: QueueConsumer) -> str | None:
    return None if consumer.consuming else "not consuming"


def _publishing(relay: OutboxRelay) -> str | None:
    return "the broker accepts no messages now" if relay.publisher.blocked else None


def _ping(database: Any) -> Any:
    def check() -> str | None:
        try:
            database.ping()
        except Exception as error:
            return type(error).__name__
        return None

    return check
