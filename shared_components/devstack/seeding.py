"""Put the sandbox's seed beside the watching of the services: it waits for them, and ends when they are stopped."""
from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any, Protocol

from shared_components.bus.amqp import names
from shared_components.bus.client import service_callers
from shared_components.bus.client.blocking import BusClient
from shared_components.bus.client.service_callers import ServiceCaller
from shared_components.bus.deployment.inspection import BrokerView
from shared_components.bus.errors import BrokerUnavailable, UnknownService
from shared_components.devstack.sandbox import put_seed
from shared_components.kernel.errors import AppError, OutcomeUnknown, Unavailable
from shared_components.kernel.ids import new_id

SEEDED = ("matter", "payment", "elicence")
PATIENCE_S, CALL_TIMEOUT_S, PAUSE_S, CLOSE_TIMEOUT_S = 60.0, 10.0, 0.2, 5.0
# What passes by itself while services start. On a broker, a service nobody has heard of has not made its queue yet;
# in one process all are there by now, or never.
PASSING = (OutcomeUnknown, Unavailable)
PASSING_ON_BROKER = (*PASSING, UnknownService)


class SeedFailed(AppError):
    code = "cli.seed-failed"
    texts = {"en": "The seed could not be put.", "zh": "演示数据未能写入。"}


class Caller(service_callers.Caller, Protocol):
    """The part of BusClient that seeding uses."""

    def close(self) -> None: ...


class PatientCaller:
    """Asks again with the same operation id, until an answer comes or its patience is over."""

    def __init__(
        self, client: Caller, stopped: threading.Event, *, until: float, passing: tuple[type[AppError], ...],
    ) -> None:
        self._client = client
        self._passing = passing
        self._stopped = stopped
        self._until = until

    def __getattr__(self, service: str) -> ServiceCaller:
        if service.startswith("_"):
            raise AttributeError(service)
        return ServiceCaller(self, service, {})

    def call(
        self, service: str, method: str, kwargs: Mapping[str, Any], *, timeout_s: float | None = None,
        op_id: str | None = None, context: Mapping[str, str] | None = None,
    ) -> Any:
        op_id = op_id or new_id("op")
        while True:
            try:
                return self._client.call(
                    service, method, kwargs, timeout_s=timeout_s or CALL_TIMEOUT_S, op_id=op_id, context=context)
            except self._passing:
                if monotonic() >= self._until or self._stopped.wait(PAUSE_S):
                    raise


class Seeding:
    """A seed on its way, in a thread of its own (a greenlet in a green process). error: why it was not put."""

    def __init__(
        self, client: Caller, await_services: Callable[[threading.Event, float], None], *,
        passing: tuple[type[AppError], ...] = PASSING_ON_BROKER,
    ) -> None:
        self._client = client
        self._passing = passing
        self._await_services = await_services
        self._stopped, self._ended = threading.Event(), threading.Event()
        self.error: AppError | None = None
        threading.Thread(target=self._run, daemon=True, name="seeding").start()

    @classmethod
    def on(cls, configuration: Mapping[str, Any]) -> Seeding:
        url = configuration["broker"]["url"]
        embedded = url.startswith("inproc")
        client = BusClient.from_configuration(configuration, caller="operator")
        if embedded:
            return cls(client, lambda stopped, until: None, passing=PASSING)
        return cls(client, lambda stopped, until: await_consumers(url, stopped, until))

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def close(self) -> None:
        """End it; what it waits for is given up."""
        self._stopped.set()
        self._client.close()
        self._ended.wait(CLOSE_TIMEOUT_S)

    def _run(self) -> None:
        until = monotonic() + PATIENCE_S
        try:
            self._await_services(self._stopped, until)
            if not self._stopped.is_set():
                put_seed(PatientCaller(self._client, self._stopped, until=until, passing=self._passing))
        except AppError as error:
            self.error = error
        except Exception as error:
            self.error = SeedFailed(f"the seed could not be put: {type(error).__name__}")
        finally:
            self._ended.set()


def await_consumers(url: str, stopped: threading.Event, until: float) -> None:
    """Wait until each service that gets a part of the seed consumes its queue. Raises SeedFailed."""
    while missing := _without_consumer(url):
        if monotonic() >= until:
            raise SeedFailed(f"not running after {PATIENCE_S:g} s: {', '.join(missing)}; their log says why")
        if stopped.wait(PAUSE_S):
            return


def _without_consumer(url: str) -> list[str]:
    consumers: dict[str, int] = {}
    with suppress(BrokerUnavailable), BrokerView(url) as broker:
        for service in SEEDED:
            state = broker.queue(names.rpc_queue(service))
            consumers[service] = state.consumers if state else 0
    return [service for service in SEEDED if not consumers.get(service)]
