"""`python -m tests.benchmarks.ours.gateway CONFIGURATION`: the product's gateway, with echo among its operations."""
from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from typing import Any

from services.gateway.service import GatewayService
from shared_components.bus.client.asyncio_ import AsyncBusClient
from shared_components.bus.green.patching import settle_memory
from shared_components.configuration.loading import load_configuration
from shared_components.contracts.registry import service_contract
from shared_components.http.asgi import AsgiHost
from shared_components.observability import register_contract
from shared_components.observability.health import Health
from shared_components.observability.logs import configure_from
from shared_components.runtime.discovery import contract_of
from shared_components.runtime.platform import POLL_S, StopSignal
from tests.benchmarks.ours.services import EchoService


async def serve(configuration: Mapping[str, Any], stop: StopSignal) -> None:
    contracts = [contract_of("payment"), service_contract(EchoService)]
    for contract in contracts:
        register_contract(contract)
    bus = AsyncBusClient.from_configuration(configuration, caller="gateway")
    await bus.start()
    app = GatewayService.asgi_app(configuration, bus, contracts, Health())
    http = configuration["http"]
    settle_memory()
    host = AsgiHost(app, host=http["host"], port=http["port"], stop_timeout_s=1)
    stopping = asyncio.Event()

    async def watch() -> None:
        while not stop.is_set:  # noqa: ASYNC110 -- a signal handler sets it, outside the loop
            await asyncio.sleep(POLL_S)
        stopping.set()

    watching = asyncio.create_task(watch())
    await host.serve(stopping)
    watching.cancel()
    await bus.close()


if __name__ == "__main__":
    loaded = load_configuration(sys.argv[1])
    configure_from(loaded["log"])
    asyncio.run(serve(loaded, StopSignal()))
