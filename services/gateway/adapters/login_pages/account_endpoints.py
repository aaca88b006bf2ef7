"""GET and POST /account/…: a person looks after sessions, mandates, consents, ways to sign in and requests."""
from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.adapters.client_addresses import ClientAddresses
from services.gateway.adapters.exchange import exchange_of
from services.gateway.adapters.login_pages.browsers import (
    BROWSER,
    CSRF,
    BrowserCookies,
    BrowserSecrets,
    check_form,
    csrf_token,
)
from services.gateway.adapters.login_pages.endpoints import LoginCalls
from services.gateway.adapters.login_pages.forms import read_form
from services.gateway.adapters.login_pages.problem_pages import ProblemPage
from services.gateway.adapters.login_pages.step_pages import (
    ACCOUNT_NAVIGATION,
    UNPROCESSABLE,
    StepPages,
    presentation_for,
    redirect,
)
from services.gateway.domain.errors import PathUnknown
from shared_components.pages.presentation import Presentation
from shared_components.pages.qr import QrCode, qr_code
from shared_components.pages.rendering import FieldProblem
from shared_components.pages.responses import form_page_headers

ACCOUNT, ACCOUNT_PAGE, ENDED = "/account", "/account/{page}", "/account/ended"
SIGN_OUT, PASSKEY = "/account/sign-out", "/account/passkey"
HEADINGS = {link.path.removeprefix("/account/"): link.text for link in ACCOUNT_NAVIGATION}
TEMPLATES = {"sign-in": "account_sign_in.html", "requests": "account_requests.html"}
FIELDS = frozenset({
    "action", "id", "password", "again", "credential", "challenge", "name", "kind", "text", "code", "mobile", "email"})


class AccountEndpoints:
    """The pages of a person's own account; without a session they lead to the login."""

    def __init__(
        self, calls: LoginCalls, pages: StepPages, cookies: BrowserCookies, addresses: ClientAddresses,
    ) -> None:
        self._calls, self._pages, self._cookies, self._addresses = calls, pages, cookies, addresses

    def routes(self) -> list[Route]:
        return [
            Route(ACCOUNT, self.home),
            Route(ENDED, self.ended),
            Route(SIGN_OUT, self.sign_out, methods=["POST"]),
            Route(PASSKEY, self.passkey, methods=["POST"]),
            Route(ACCOUNT_PAGE, self.show),
            Route(ACCOUNT_PAGE, self.act, methods=["POST"]),
        ]

    async def home(self, request: Request) -> Response:
        presentation, _ = self._prepare(request, ACCOUNT)
        return redirect(presentation.link("/account/sessions"))

    async def ended(self, request: Request) -> Response:
        presentation, _ = self._prepare(request, ENDED)
        return Response(
            self._pages.login.render("ended.html", presentation, path=ENDED),
            headers=form_page_headers(presentation.locale))

    async def show(self, request: Request) -> Response:
        presentation, secrets = self._prepare(request, ACCOUNT_PAGE)
        page = _page(request)
        view = await self._calls(request, "read_account", {
            "page": page, **self._of_browser(request, secrets)}, presentation)
        return self._answer(view, page, presentation, secrets)

    async def act(self, request: Request) -> Response:
        """Do what a form of the page asks for."""
        presentation, secrets = self._prepare(request, ACCOUNT_PAGE)
        page = _page(request)
        form = await self._form(request, secrets, f"/account/{page}")
        view = await self._calls(request, "change_account", {
            "page": page, "answers": form, **self._of_browser(request, secrets)}, presentation)
        return self._answer(view, page, presentation, secrets)

    async def sign_out(self, request: Request) -> Response:
        presentation, secrets = self._prepare(request, SIGN_OUT)
        await self._form(request, secrets, SIGN_OUT)
        await self._calls(request, "sign_out", self._of_browser(request, secrets), presentation)
        return redirect(presentation.link(ENDED))

    async def passkey(self, request: Request) -> Response:
        """Options for a new passkey, as JSON for the page's script."""
        presentation, secrets = self._prepare(request, PASSKEY)
        await self._form(request, secrets, "/account/sign-in")
        options = await self._calls(
            request, "offer_new_passkey", self._of_browser(request, secrets), presentation)
        return Response(orjson.dumps(options["options"]), media_type="application/json")

    def _answer(
        self, view: Mapping[str, Any], page: str, presentation: Presentation, secrets: BrowserSecrets,
    ) -> Response:
        if view["location"]:
            return redirect(presentation.link(view["location"]))
        if view.get("file"):
            return file_answer(view["file"])
        secret, path = view["new_browser"] or secrets.browser or "", f"/account/{page}"
        problems = [FieldProblem(each["field"], each["message"]) for each in view["errors"]]
        content = self._pages.account.render(
            TEMPLATES.get(page, "account.html"), presentation, path=path, problems=problems, view=view,
            heading=self._heading(page, presentation), errors={each.field: each.text for each in problems},
            csrf=csrf_token(secret, path), action=presentation.link(path), passkey_options=PASSKEY,
            qr=_qr_of(view), sign_out=presentation.link(SIGN_OUT), sign_out_csrf=csrf_token(secret, SIGN_OUT))
        answer = Response(
            content, UNPROCESSABLE if problems else 200, headers=form_page_headers(presentation.locale))
        self._cookies.set(answer, {BROWSER: view["new_browser"]})
        return answer

    def _heading(self, page: str, presentation: Presentation) -> str:
        return self._pages.account.text(HEADINGS[page], presentation)

    def _prepare(self, request: Request, path: str) -> tuple[Presentation, BrowserSecrets]:
        presentation = presentation_for(request)
        exchange = exchange_of(request)
        exchange.path, exchange.refusal = path, ProblemPage(
            self._pages.login, presentation, safe=request.method == "GET")
        return presentation, self._cookies.secrets_of(request)

    async def _form(self, request: Request, secrets: BrowserSecrets, page: str) -> dict[str, str]:
        form = await read_form(request, FIELDS | {CSRF}, timeout_s=self._calls.limits.body_timeout_s)
        check_form(request, self._cookies, secrets.browser, form.pop(CSRF, None), page=page)
        return form

    def _of_browser(self, request: Request, secrets: BrowserSecrets) -> dict[str, str | None]:
        return {"browser": secrets.browser, "device": secrets.device, "address": self._addresses.of(request)}


def file_answer(file: Mapping[str, str]) -> Response:
    """A file that the browser stores; no cache keeps it. Its name is identity's, of letters, digits, - and _."""
    return Response(base64.b64decode(file["content"]), media_type=file["media_type"], headers={
        "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'attachment; filename="{file["name"]}"'})


def _qr_of(view: Mapping[str, Any]) -> QrCode | None:
    return qr_code(view["enrolment"]["uri"]) if view.get("enrolment") else None


def _page(request: Request) -> str:
    page: str = request.path_params["page"]
    if page not in HEADINGS:
        raise PathUnknown
    return page
