"""Routes of the login and the account."""
from __future__ import annotations

from collections.abc import Collection, Sequence

from starlette.routing import Route

from services.gateway.adapters.calls import Limits
from services.gateway.adapters.client_addresses import ClientAddresses
from services.gateway.adapters.login_pages.account_endpoints import AccountEndpoints
from services.gateway.adapters.login_pages.browsers import BrowserCookies, origin_of
from services.gateway.adapters.login_pages.endpoints import IDENTITY, LoginCalls, LoginEndpoints
from services.gateway.adapters.login_pages.step_pages import StepPages
from services.gateway.adapters.page_endpoints import asset_route
from shared_components.bus.client.asyncio_ import AsyncBus
from shared_components.contracts.registry import ServiceContract
from shared_components.pages.responses import packaged_file

SCRIPT, SCRIPT_TYPE = "passkey.js", "text/javascript; charset=utf-8"
PACKAGE = "services.gateway.adapters.login_pages.assets"


def login_routes(
    contracts: Sequence[ServiceContract], bus: AsyncBus, limits: Limits, *, base_url: str, tenant: str,
    proxies: Collection[str],
) -> list[Route]:
    """No routes where identity is not served."""
    if not any(contract.service == IDENTITY and "begin_login" in contract.methods for contract in contracts):
        return []
    cookies, addresses = BrowserCookies(origin_of(base_url)), ClientAddresses(proxies)
    pages, calls = StepPages(cookies), LoginCalls(bus, limits, tenant=tenant)
    return [
        *LoginEndpoints(calls, pages, cookies, addresses).routes(),
        *AccountEndpoints(calls, pages, cookies, addresses).routes(),
        asset_route(SCRIPT, packaged_file(PACKAGE, SCRIPT, SCRIPT_TYPE)),
    ]
