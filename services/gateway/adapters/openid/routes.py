"""Routes of OAuth and OpenID Connect."""
from __future__ import annotations

from collections.abc import Collection, Sequence

from starlette.routing import Route

from services.gateway.adapters.calls import Limits
from services.gateway.adapters.client_addresses import ClientAddresses
from services.gateway.adapters.login_pages.step_pages import OWN_PAGES
from services.gateway.adapters.login_pages.texts import CHINESE_TEXTS
from services.gateway.adapters.openid.documents import document_routes
from services.gateway.adapters.openid.endpoints import IDENTITY, OAuthEndpoints
from shared_components.bus.client.asyncio_ import AsyncBus
from shared_components.contracts.registry import ServiceContract
from shared_components.pages.rendering import Pages

METHOD = "oauth_token"


def openid_routes(
    contracts: Sequence[ServiceContract], bus: AsyncBus, limits: Limits, *, tenant: str, proxies: Collection[str],
) -> list[Route]:
    """No routes where identity is not served."""
    if not any(contract.service == IDENTITY and METHOD in contract.methods for contract in contracts):
        return []
    pages = Pages(OWN_PAGES, chinese=CHINESE_TEXTS)
    endpoints = OAuthEndpoints(bus, limits, pages, ClientAddresses(proxies), tenant=tenant)
    return [*document_routes(bus, limits, tenant=tenant), *endpoints.routes()]
