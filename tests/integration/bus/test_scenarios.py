"""The right-hand column of the table of stock nameko's defects, on RabbitMQ and on `inproc://`."""
from __future__ import annotations

import pytest

from tests.integration.bus.scenarios import SCENARIOS
from tests.integration.bus.world import World


@pytest.mark.integration
@pytest.mark.parametrize("name", SCENARIOS)
def test_on_rabbitmq(rabbit_world: World, name: str) -> None:
    SCENARIOS[name](rabbit_world)


@pytest.mark.parametrize("name", [*SCENARIOS, "stop"])
def test_on_inproc(inproc_outcomes: dict[str, str], name: str) -> None:
    assert inproc_outcomes[name] == "ok"
