"""A call that the broker forbids is refused at once; the connection "was lost" five times before."""
from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest

from shared_components.bus.amqp.connect_errors import refused_service
from shared_components.bus.client.asyncio_ import AsyncBusClient
from shared_components.bus.client.blocking import BusClient
from shared_components.bus.deployment.rights import APP
from shared_components.bus.errors import CallerNotAllowed, UnknownMethod
from tests.cases.deployed import Deployed, deployed
from tests.faults.lab import Lab

SAID = "the broker lets 'app-demo' call no service 'paymnt'"
LONGEST_S = 3.0


@pytest.fixture
def payment(lab: Lab) -> Iterator[Deployed]:
    with deployed(lab) as one:
        yield one


@pytest.mark.integration
def test_a_misspelt_service_is_refused_at_once_and_the_client_goes_on(payment: Deployed) -> None:
    with BusClient(payment.urls[APP], timeout_s=10) as client:
        began = time.monotonic()
        with pytest.raises(CallerNotAllowed, match=SAID):
            client.paymnt.create_order(payer_name="林静")
        assert time.monotonic() - began < LONGEST_S
        with pytest.raises(UnknownMethod):
            client.payment.nothing()


@pytest.mark.integration
def test_a_misspelt_service_is_refused_at_once_with_asyncio_too(payment: Deployed) -> None:
    async def call() -> None:
        async with AsyncBusClient(payment.urls[APP], timeout_s=10) as client:
            began = time.monotonic()
            with pytest.raises(CallerNotAllowed, match=SAID):
                await client.paymnt.create_order(payer_name="林静")
            assert time.monotonic() - began < LONGEST_S
            with pytest.raises(UnknownMethod):
                await client.payment.nothing()

    asyncio.run(call())


@pytest.mark.integration
def test_calls_of_other_services_on_the_same_connection_are_asked_again(payment: Deployed) -> None:
    async def call() -> None:
        async with AsyncBusClient(payment.urls[APP], timeout_s=10) as client:
            beside = [client.payment.list_fee_items() for _ in range(20)]
            answers = await asyncio.gather(*beside, client.paymnt.nothing(), return_exceptions=True)
        assert isinstance(answers.pop(), CallerNotAllowed)
        assert [type(answer) for answer in answers] == [dict] * 20

    asyncio.run(call())


@pytest.mark.parametrize("said", [
    "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN.",
    "ACCESS_REFUSED - access to topic 'payment.calls' in exchange 'payment.events' in vhost 'x' refused for user 'y'",
    "", "NOT_FOUND - no exchange 'nameko-rpc' in vhost 'x'",
])
def test_another_refusal_names_no_service(said: str) -> None:
    assert refused_service(OSError(said)) is None
