"""GET and POST /oauth/…: each request is one call of identity, with its form or query as it came."""
from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.adapters.bodies import read_body
from services.gateway.adapters.calls import Limits, timed_call
from services.gateway.adapters.client_addresses import ClientAddresses
from services.gateway.adapters.exchange import exchange_of
from services.gateway.adapters.login_pages.problem_pages import ProblemPage
from services.gateway.adapters.login_pages.step_pages import presentation_for
from services.gateway.adapters.openid.answers import answered, oauth_refusal
from services.gateway.domain.errors import BodyMalformed, BodyTooLarge, HttpMethodNotAllowed, MediaTypeUnsupported
from shared_components.bus.client.asyncio_ import AsyncBus
from shared_components.db.feeds import FeedStale
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.ids import new_id
from shared_components.pages.rendering import Pages

IDENTITY = "identity"
FORM = "application/x-www-form-urlencoded"
MAX_BYTES = 16_384
LONGEST_AUTHORIZATION = 8_300
PREFIX = "/oauth"
OF_CLIENTS = {"par": "oauth_push", "token": "oauth_token", "introspect": "oauth_introspect", "revoke": "oauth_revoke"}
"""Path → method. Client programs post forms to these."""
APP_TOKEN, CREDENTIALS, ASSERTION = "oauth_app_token", "grant_type=client_credentials", "client_assertion"
"""The quick way of an app that shows its key; identity decides on either way, and alike."""
OF_BROWSERS = {"authorize": "oauth_authorize", "end-session": "oauth_end_session"}
Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


class OAuthEndpoints:
    """tenant: what the bus asks of every message; identity goes by the client. pages: for what a browser is refused."""

    def __init__(
        self, bus: AsyncBus, limits: Limits, pages: Pages, addresses: ClientAddresses, *, tenant: str,
    ) -> None:
        self._bus, self._limits, self._pages, self._tenant = bus, limits, pages, tenant
        self._addresses = addresses

    def routes(self) -> list[Route]:
        return [
            *(_route(path, self._for_client(path, method)) for path, method in OF_CLIENTS.items()),
            *(_route(path, self._for_browser(path, method)) for path, method in OF_BROWSERS.items()),
            _route("userinfo", self.userinfo),
        ]

    async def userinfo(self, request: Request) -> Response:
        """The access token is in the header alone: a form or a query would end up in logs (RFC 6750 section 2)."""
        _prepare(request, "userinfo", allowed=("GET", "POST"))
        return await self._answer(request, "oauth_userinfo", "", authorization=True)

    def _for_client(self, path: str, method: str) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            _prepare(request, path, allowed=("POST",))
            form = await self._form(request)
            if path == "token" and CREDENTIALS in form and ASSERTION not in form:
                with suppress(FeedStale):
                    return await self._answer(request, APP_TOKEN, form, authorization=True)
            return await self._answer(request, method, form, authorization=True)

        return endpoint

    def _for_browser(self, path: str, method: str) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            exchange = exchange_of(request)
            if "text/html" in request.headers.get("accept", ""):
                exchange.refusal = ProblemPage(
                    self._pages, presentation_for(request), safe=request.method == "GET")
            _allow(request, path, ("GET", "POST"))
            given = request.url.query if request.method == "GET" else await self._form(request)
            if len(given) > MAX_BYTES:
                raise BodyTooLarge(Bilingual(
                    f"the query is longer than {MAX_BYTES} characters", f"查询串超过 {MAX_BYTES} 个字符"))
            return await self._answer(request, method, given, authorization=False)

        return endpoint

    async def _form(self, request: Request) -> str:
        """Raises MediaTypeUnsupported, BodyTooLarge, BodyTooSlow, BodyMalformed."""
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
            raise MediaTypeUnsupported(Bilingual(
                f"the request is of another type; {FORM} is allowed", f"请求类型不正确；只允许 {FORM}"))
        body = await read_body(exchange_of(request), limit=MAX_BYTES, timeout_s=self._limits.body_timeout_s)
        try:
            return body.decode("ascii")
        except UnicodeDecodeError:
            raise BodyMalformed(Bilingual(
                "the form has bytes that are not url-encoded", "表单含有未经 URL 编码的字节")) from None

    async def _answer(self, request: Request, method: str, parameters: str, *, authorization: bool) -> Response:
        given: dict[str, str | None] = {"parameters": parameters, "address": self._addresses.of(request)}
        if authorization:
            given["authorization"] = request.headers.get("authorization", "")[:LONGEST_AUTHORIZATION] or None
        return answered(await self._call(request, method, given))

    async def _call(self, request: Request, method: str, arguments: Mapping[str, Any]) -> Any:
        return await timed_call(
            self._bus, IDENTITY, method, arguments, timeout_s=self._limits.default_timeout_s, op_id=new_id("op"),
            context=exchange_of(request).context(self._tenant))


def _route(path: str, endpoint: Endpoint) -> Route:
    route = Route(f"{PREFIX}/{path}", endpoint)
    # The endpoint itself says which HTTP methods are allowed.
    route.methods = None
    return route


def _prepare(request: Request, path: str, *, allowed: tuple[str, ...]) -> None:
    exchange_of(request).refusal = oauth_refusal
    _allow(request, path, allowed)


def _allow(request: Request, path: str, allowed: tuple[str, ...]) -> None:
    exchange_of(request).path = f"{PREFIX}/{path}"
    if request.method not in allowed:
        raise HttpMethodNotAllowed(
            Bilingual(
                f"HTTP method is {request.method[:20]}; {' and '.join(allowed)} are allowed",
                f"HTTP 方法为 {request.method[:20]}；只允许 {'、'.join(allowed)}"),
            details={"allow": list(allowed)})
