"""Stock nameko on a real RabbitMQ."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.integration.bus_harness import Effects, RawBroker, ServiceProcess

MODULE = "tests.integration.bus_stock.services"
Start = Callable[..., ServiceProcess]


@pytest.fixture
def broker(broker_url: str) -> Iterator[RawBroker]:
    with RawBroker(broker_url) as broker:
        yield broker


@pytest.fixture
def effects(tmp_path: Path) -> Effects:
    return Effects(tmp_path / "effects")


@pytest.fixture
def start(broker_url: str, effects: Effects, tmp_path: Path) -> Iterator[Start]:
    """start("worker", …): one process with these stock services; all are gone after the test."""
    with ExitStack() as stack:
        number = iter(range(100))

        def run(*services: str, url: str = broker_url, **environment: str) -> ServiceProcess:
            return stack.enter_context(ServiceProcess(
                MODULE, url, str(effects.path), *services,
                log=tmp_path / f"service-{next(number)}.log", environment=environment,
            ))  # fmt: skip

        yield run
