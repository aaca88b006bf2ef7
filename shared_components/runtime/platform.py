"""The platform in one process: the chosen services, their health, and the HTTP gateway when it is among them."""
from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from shared_components.configuration.loading import ConfigurationError, for_service, load_service_settings
from shared_components.configuration.production import refuse_unsafe
from shared_components.contracts.registry import service_contract
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.callers import GATEWAY
from shared_components.kernel.errors import AppError
from shared_components.observability import register_contract
from shared_components.observability.health import Health
from shared_components.observability.health_server import HealthServer
from shared_components.runtime.discovery import contract_of, service_class, service_names, settings_schema
from shared_components.security import Secrets

log = logging.getLogger(__name__)

# Callees first, so that nobody starts to call before the other can answer; stopped the other way round.
START_ORDER = ("notification", "payment", "elicence", "identity", "matter")
POLL_S = 0.2


class ServiceDied(AppError):
    code = "cli.service-died"
    texts = {"en": "A service has died.", "zh": "有服务异常退出。"}


class StopSignal:
    """Becomes true on SIGINT and SIGTERM, from when it is made."""

    def __init__(self) -> None:
        self.is_set = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._set)

    def _set(self, *_: object) -> None:
        self.is_set = True


def check_services(configuration: Mapping[str, Any], names: Sequence[str]) -> None:
    """Before anything is started, and nothing is made by it.

    Raises ConfigurationError for a wrong setting of any of the services, KeyConfigurationError for one of their keys.
    """
    for name in names:
        load_service_settings(
            name, settings_schema(name), configuration["services"].get(name, {}),
            environment=configuration["environment"])
        if name == GATEWAY:
            _check_tenants_of_apps(configuration)
        if hasattr(service_class(name), "transactions"):  # what has a database has values to encrypt
            Secrets.check_configuration(configuration["security"], configuration["environment"])
    refuse_unsafe(configuration, names)


def _check_tenants_of_apps(configuration: Mapping[str, Any]) -> None:
    """An app is one caller, over HTTP and over AMQP, so it has one tenant. Raises ConfigurationError."""
    on_bus = configuration["bus"]["app_tenants"]
    for entry in configuration["services"].get(GATEWAY, {}).get("apps", ()):
        tenant = on_bus.get(entry["name"], entry["tenant"])
        if tenant != entry["tenant"]:
            key = f"bus.app_tenants.{entry['name']}"
            raise ConfigurationError(Bilingual(
                f"configuration key '{key}' is '{tenant}', and services.gateway.apps has '{entry['tenant']}' for the "
                "same app; one tenant is allowed, in both places",
                f"配置项 {key} 为“{tenant}”，而 services.gateway.apps 中同一应用为“{entry['tenant']}”；"
                "两处只允许同一部门"), details={"key": key})


class Platform:
    """Services of one process: started, watched, stopped in order."""

    def __init__(self, configuration: Mapping[str, Any], services: Sequence[str]) -> None:
        from shared_components.runtime.host import ServiceHost

        check_services(configuration, services)
        self.configuration = configuration
        self.health = Health()
        self._drain_s = configuration["bus"]["drain_s"]
        ordered = sorted(services, key=lambda name: (START_ORDER.index(name) if name in START_ORDER else -1, name))
        bus_services = [service_class(name) for name in ordered if name != GATEWAY]
        for service in bus_services:
            register_contract(service_contract(service))  # so that logs know what is personal
        self._host = ServiceHost(
            bus_services, partial(for_service, configuration), self.health, load_settings=load_service_settings)
        self._bridge: Any = None
        self._asgi = self._green_gateway() if GATEWAY in services else None
        self._health_server = health_server(configuration, self.health, services)

    def _green_gateway(self) -> Any:
        from shared_components.bus.client.blocking import BusClient
        from shared_components.bus.client.green_asgi import GreenBridge

        client = BusClient.from_configuration(for_service(self.configuration, GATEWAY), caller=GATEWAY)
        self._bridge = GreenBridge(client)
        return gateway_host(self.configuration, self._bridge, self.health)

    def start(self) -> None:
        from shared_components.bus.amqp.instances import announce

        self._host.start()
        if self._asgi is not None:
            self._bridge.start()
            self._asgi.start_green()
            announce(GATEWAY)
            deadline = time.monotonic() + 10
            while not self._asgi.started and time.monotonic() < deadline:
                time.sleep(0.01)

    def check(self) -> None:
        """Raises ServiceDied when a service's container has ended by itself."""
        died = self._host.failed()
        if died is not None:
            raise ServiceDied(Bilingual(
                f"service '{died}' has died; its log says why",
                f"服务“{died}”已异常退出；原因见其日志"))

    def stop(self) -> bool:
        """Stop in order. False when something had to be cut off."""
        if self._asgi is not None:
            self._asgi.stop_green(self._drain_s)
            self._bridge.stop()
        clean = self._host.stop(self._drain_s + 5)
        if self._health_server is not None:
            self._health_server.stop()
        return clean

    def wait_until(self, enough: Callable[[], bool]) -> None:
        """Wait, and watch the services. Raises ServiceDied."""
        while not enough():
            time.sleep(POLL_S)
            self.check()


@contextmanager
def running(configuration: Mapping[str, Any], services: Sequence[str]) -> Iterator[Platform]:
    """The platform for the length of a block."""
    platform = Platform(configuration, services)
    platform.start()
    try:
        yield platform
    finally:
        platform.stop()


def serve_gateway_alone(configuration: Mapping[str, Any], stop: StopSignal) -> None:
    """The gateway in a process of its own: plain asyncio, no greenlets."""
    check_services(configuration, [GATEWAY])
    asyncio.run(_serve_gateway(configuration, stop))


async def _serve_gateway(configuration: Mapping[str, Any], stop: StopSignal) -> None:
    from shared_components.bus.client.asyncio_ import AsyncBusClient

    bus = AsyncBusClient.from_configuration(for_service(configuration, GATEWAY), caller=GATEWAY)
    await bus.start()
    health = Health()
    topology = _watch_calls(configuration, health)
    asgi = gateway_host(configuration, bus, health)
    server = health_server(configuration, health, [GATEWAY])
    stopping = asyncio.Event()

    async def watch() -> None:
        while not stop.is_set:  # noqa: ASYNC110 -- a signal handler sets it, outside the loop
            await asyncio.sleep(POLL_S)
        stopping.set()

    watching = asyncio.create_task(watch())
    try:
        await asgi.serve(stopping)
    finally:
        watching.cancel()
        topology.stop()
        await bus.close()
        if server is not None:
            server.stop()


def _watch_calls(configuration: Mapping[str, Any], health: Health) -> Any:
    """It has no queue; what it calls by must be there all the same."""
    from shared_components.bus.amqp.names import RPC_EXCHANGE
    from shared_components.bus.server.topology_watch import Needed, TopologyWatch

    broker = for_service(configuration, GATEWAY)["broker"]
    authentication = configuration["bus"]["caller_authentication"]
    watch = TopologyWatch(
        broker["url"], Needed([RPC_EXCHANGE]), service=GATEWAY, heartbeat_s=broker["heartbeat_s"],
        verified=authentication == "broker")
    if not broker["url"].startswith("inproc"):
        watch.start()
        health.add_readiness("topology", lambda: watch.problem)
    return watch


def gateway_host(configuration: Mapping[str, Any], bus: Any, health: Health) -> Any:
    """The gateway's app, ready to be served. Its routes are made from the contracts of all services."""
    from shared_components.bus.client.sealing import SealingBus
    from shared_components.http.asgi import AsgiHost
    from shared_components.security.proofs.key_folder import KeyFolder

    contracts = [contract_of(name) for name in service_names() if name != GATEWAY]
    health.add_liveness("http", lambda: None)
    health.add_readiness("bus", lambda: None if bus.connected else "no connection to the broker")
    for contract in contracts:
        register_contract(contract)
    service = service_class(GATEWAY)
    settings = load_service_settings(GATEWAY, service.settings_schema, configuration["services"].get(GATEWAY, {}))
    configuration = {**configuration, "services": {**configuration["services"], GATEWAY: settings}}
    sealing = SealingBus(
        bus, contracts, KeyFolder.from_configuration(configuration["security"], configuration["environment"]))
    app = service.asgi_app(configuration, sealing, contracts, health)
    http = configuration["http"]
    return AsgiHost(app, host=http["host"], port=http["port"], stop_timeout_s=configuration["bus"]["drain_s"])


def health_server(
    configuration: Mapping[str, Any], health: Health, services: Sequence[str],
) -> HealthServer | None:
    """Where it listens stands in the log: port 0 takes any, and each process of a host has one of its own."""
    section = configuration["health"]
    if section["port"] is None:
        return None
    server = HealthServer(health, host=section["host"], port=section["port"]).start()
    log.info("health.listening", extra={"host": server.host, "port": server.port, "services": list(services)})
    return server
