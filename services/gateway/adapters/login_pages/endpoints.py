"""GET and POST /login/…: a login's steps in one browser."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.adapters.calls import Limits, timed_call
from services.gateway.adapters.client_addresses import ClientAddresses
from services.gateway.adapters.exchange import exchange_of
from services.gateway.adapters.login_pages.browsers import (
    BROWSER,
    CSRF,
    DEVICE,
    BrowserCookies,
    BrowserSecrets,
    check_form,
    new_secret,
)
from services.gateway.adapters.login_pages.forms import read_form
from services.gateway.adapters.login_pages.problem_pages import ProblemPage
from services.gateway.adapters.login_pages.step_pages import StepPages, presentation_for
from shared_components.bus.client.asyncio_ import AsyncBus
from shared_components.kernel.ids import new_id
from shared_components.pages.presentation import Presentation

IDENTITY = "identity"
LOGIN, LOGIN_STEP = "/login", "/login/{interaction}"
PASSKEY, UPSTREAM = "/login/{interaction}/passkey", "/login/upstream/{provider}"
FIELDS = frozenset({
    "page", "action", "identifier", "password", "code", "credential", "provider", "way", "token", "membership",
    "principal",
})


class LoginCalls:
    """Calls identity for a browser. tenant: what the bus asks of every message; identity goes by the interaction."""

    def __init__(self, bus: AsyncBus, limits: Limits, *, tenant: str) -> None:
        self._bus, self.limits, self._tenant = bus, limits, tenant

    async def __call__(
        self, request: Request, method: str, arguments: Mapping[str, Any], presentation: Presentation,
    ) -> Any:
        exchange = exchange_of(request)
        context = {**exchange.context(self._tenant), "locale": presentation.locale}
        return await timed_call(
            self._bus, IDENTITY, method, arguments, timeout_s=self.limits.default_timeout_s, op_id=new_id("op"),
            context=context)


class LoginEndpoints:
    """The pages of a login."""

    def __init__(
        self, calls: LoginCalls, pages: StepPages, cookies: BrowserCookies, addresses: ClientAddresses,
    ) -> None:
        self._calls, self._pages, self._cookies, self._addresses = calls, pages, cookies, addresses

    def routes(self) -> list[Route]:
        return [
            Route(LOGIN, self.begin),
            Route(UPSTREAM, self.come_back),
            Route(PASSKEY, self.passkey, methods=["POST"]),
            Route(LOGIN_STEP, self.show),
            Route(LOGIN_STEP, self.go_on, methods=["POST"]),
        ]

    async def begin(self, request: Request) -> Response:
        """Begin the login of an authorization request, or for a page of the account."""
        presentation, had = self._prepare(request, LOGIN)
        secrets = BrowserSecrets(had.browser or new_secret(), had.device or new_secret())
        query = request.query_params
        step = await self._calls(request, "begin_login", {
            "request_id": query.get("request"), "target": query.get("target"), "fresh": query.get("fresh") == "1",
            **self._of_browser(request, secrets)}, presentation)
        answer = self._pages.gone_on(step, presentation_for(request, language=step["language"]))
        self._cookies.set(answer, {
            BROWSER: secrets.browser if step["new_browser"] is None and had.browser is None else None,
            DEVICE: secrets.device if had.device is None else None})
        return answer

    async def show(self, request: Request) -> Response:
        presentation, secrets = self._prepare(request, LOGIN_STEP)
        step = await self._calls(request, "read_login", {
            "interaction": request.path_params["interaction"], **self._of_browser(request, secrets)}, presentation)
        if step["location"]:
            return self._pages.gone_on(step, presentation)
        return self._pages.shown(step, presentation, secret=secrets.browser or "")

    async def go_on(self, request: Request) -> Response:
        presentation, secrets = self._prepare(request, LOGIN_STEP)
        form = await self._form(request, secrets)
        step = await self._calls(request, "continue_login", {
            "interaction": request.path_params["interaction"], **self._of_browser(request, secrets), "answers": form,
        }, presentation)
        if step["errors"]:
            return self._pages.shown(step, presentation, secret=secrets.browser or "")
        return self._pages.gone_on(step, presentation)

    async def passkey(self, request: Request) -> Response:
        """Options for the browser's passkeys, as JSON for the page's script."""
        presentation, secrets = self._prepare(request, PASSKEY)
        await self._form(request, secrets, page=request.url.path.removesuffix("/passkey"))
        options = await self._calls(request, "offer_passkey", {
            "interaction": request.path_params["interaction"], **self._of_browser(request, secrets)}, presentation)
        return Response(orjson.dumps(options["options"]), media_type="application/json")

    async def come_back(self, request: Request) -> Response:
        """Take what another identity provider sends the browser back with."""
        presentation, secrets = self._prepare(request, UPSTREAM)
        step = await self._calls(request, "return_from_upstream", {
            "provider": request.path_params["provider"], "query": request.url.query[:4096],
            **self._of_browser(request, secrets)}, presentation)
        if step["errors"]:
            return self._pages.shown(step, presentation, secret=secrets.browser or "")
        return self._pages.gone_on(step, presentation)

    def _prepare(self, request: Request, path: str) -> tuple[Presentation, BrowserSecrets]:
        presentation = presentation_for(request)
        exchange = exchange_of(request)
        exchange.path, exchange.refusal = path, ProblemPage(
            self._pages.login, presentation, safe=request.method == "GET")
        return presentation, self._cookies.secrets_of(request)

    async def _form(self, request: Request, secrets: BrowserSecrets, *, page: str | None = None) -> dict[str, str]:
        form = await read_form(request, FIELDS | {CSRF}, timeout_s=self._calls.limits.body_timeout_s)
        check_form(request, self._cookies, secrets.browser, form.pop(CSRF, None), page=page)
        return form

    def _of_browser(self, request: Request, secrets: BrowserSecrets) -> dict[str, str | None]:
        return {"browser": secrets.browser, "device": secrets.device, "address": self._addresses.of(request)}
