"""Our bus with small services on it: on RabbitMQ in processes of their own, on `inproc://` in one."""
from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared_components.bus import BusClient
from shared_components.devstack.external_servers import unique_name
from shared_components.devstack.processes import free_port
from shared_components.devstack.rabbitmq import PrivateRabbitMQ
from shared_components.devstack.servers import PostgreSQL, RabbitMQ
from tests.integration.bus.probes import Probe
from tests.integration.bus.world import ALL, World, committed, prepare
from tests.integration.bus_harness import ROOT, Effects, RawBroker, ServiceProcess

MAIN = "tests.integration.bus.echo.main"


def start_services(stack: ExitStack, folder: Path, configuration: Path, *services: str, **environment: str,
                   ) -> ServiceProcess:  # fmt: skip
    number = len(list(folder.glob("service-*.log")))
    return stack.enter_context(ServiceProcess(
        MAIN, str(configuration), *services, log=folder / f"service-{number}.log",
        environment={"BUS_TEST_EFFECTS": str(folder / "effects"), **environment},
    ))  # fmt: skip


@pytest.fixture(scope="module")
def rabbit_world(
    rabbitmq: RabbitMQ, postgres: PostgreSQL, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """One process with every service, on RabbitMQ and PostgreSQL, for all scenarios: none may end it."""
    folder = tmp_path_factory.mktemp("rabbit")
    broker_url, database_url = rabbitmq.add_vhosts([unique_name()])[0], postgres.create_database(unique_name())
    configuration = prepare(folder, broker_url, database_url)
    effects = Effects(folder / "effects")
    with ExitStack() as stack:
        broker = stack.enter_context(RawBroker(broker_url))
        service = start_services(stack, folder, configuration, *ALL)
        for name in ("echo", "slow", "relay"):
            service.wait_until_consuming(broker, f"rpc-{name}")
        for name in ("listener", "ordered"):
            service.wait_until_consuming(broker, f"events.{name}.on_kept")
        client = stack.enter_context(BusClient(broker_url))
        yield World(broker, client, effects, database_url, service.log)
        assert service.running


@pytest.fixture(scope="module")
def inproc_outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("inproc")
    with (folder / "log").open("ab") as log:
        subprocess.run(
            [sys.executable, "-m", "tests.integration.bus.inproc_driver", str(folder)],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=100, check=False,
        )  # fmt: skip
    outcomes = folder / "outcomes.json"
    assert outcomes.exists(), (folder / "log").read_text()[-4000:]
    found: dict[str, Any] = json.loads(outcomes.read_text())
    return found


@pytest.fixture
def private(rabbitmq: RabbitMQ) -> PrivateRabbitMQ:
    if not isinstance(rabbitmq, PrivateRabbitMQ):
        pytest.skip("the broker named by the environment cannot be made to fail")
    return rabbitmq


@dataclass
class Bench:
    """A broker and a database of the test's own; `start` runs services on them, in one process a call."""

    broker_url: str
    database_url: str
    folder: Path
    effects: Effects
    stack: ExitStack

    def start(self, *services: str, bus: dict[str, Any] | None = None, **environment: str) -> ServiceProcess:
        configuration = prepare(self.folder, self.broker_url, self.database_url, services, bus=bus)
        return start_services(self.stack, self.folder, configuration, *services, **environment)

    def start_probed(self, *services: str, **options: Any) -> tuple[ServiceProcess, Probe]:
        """The same with its health served."""
        probe = Probe(free_port())
        return self.start(*services, BUS_TEST_HEALTH_PORT=str(probe.port), **options), probe

    def client(self, **options: Any) -> BusClient:
        return self.stack.enter_context(BusClient(options.pop("url", self.broker_url), **options))

    def raw(self) -> RawBroker:
        return self.stack.enter_context(RawBroker(self.broker_url))

    def committed(self, service: str, key: str) -> int:
        return committed(self.database_url, service, key)


@pytest.fixture
def bench(broker_url: str, postgres_url: str, tmp_path: Path) -> Iterator[Bench]:
    with ExitStack() as stack:
        yield Bench(broker_url, postgres_url, tmp_path, Effects(tmp_path / "effects"), stack)
