"""The same behaviour asked of RabbitMQ and of `inproc://`: every test here runs on both."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

import shared_components.inproc as inproc
from shared_components.devstack.external_servers import unique_name
from shared_components.devstack.servers import RabbitMQ
from tests.integration.bus_transport.wire import Wire


@pytest.fixture(scope="session")
def rabbitmq_vhost(rabbitmq: RabbitMQ) -> str:
    # One for all tests here: making one takes longer than a test, and their names do not collide.
    return rabbitmq.add_vhosts([unique_name()])[0]


@pytest.fixture(params=["inproc", pytest.param("rabbitmq", marks=pytest.mark.integration)])
def wire(request: pytest.FixtureRequest) -> Iterator[Wire]:
    if request.param == "rabbitmq":
        with Wire(request.getfixturevalue("rabbitmq_vhost")) as wire:
            yield wire
        return
    name = unique_name()
    with Wire(f"inproc://{name}") as wire:
        yield wire
    inproc.reset(name)
