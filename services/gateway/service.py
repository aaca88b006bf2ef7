"""The gateway as the platform hosts it: an ASGI app instead of entrypoints on the bus."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.types import ASGIApp

from services.gateway.providers import make_app
from services.gateway.schemas import GatewaySettings
from shared_components.bus.client.asyncio_ import AsyncBus
from shared_components.contracts.registry import ServiceContract
from shared_components.observability.health import Health


class GatewayService:
    """HTTP for apps, browsers and providers' callbacks; its routes are the public methods of the other services."""

    name = "gateway"
    contract_version = "1.0"
    settings_schema = GatewaySettings

    @staticmethod
    def asgi_app(
        configuration: Mapping[str, Any], bus: AsyncBus, contracts: Sequence[ServiceContract], health: Health,
    ) -> ASGIApp:
        """contracts: of the services whose public methods are offered."""
        return make_app(configuration, bus, contracts, health)
