"""Pages: templates, forms that were made here, and what a refusal of the platform looks like."""
from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.templating import Jinja2Templates

from permit_app.login import Login
from permit_app.platform_api import Platform
from permit_app.sessions import Session, Sessions, remember
from permit_app.settings import Settings
from permit_app.texts import language, text

TEMPLATES = Jinja2Templates(Path(__file__).parent / "templates")
CSP = ("default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self' {platform}; "
       "frame-ancestors 'none'; base-uri 'none'")


@dataclass(frozen=True)
class Parts:
    """What the pages of all roles share."""

    settings: Settings
    sessions: Sessions
    citizen: Platform
    desk: Platform
    shop: Platform
    logins: dict[str, Login]


class FormTooOld(Exception):
    """The form was not made in this session."""


def parts(request: Request) -> Parts:
    found: Parts = request.app.state.parts
    return found


def show(request: Request, template: str, session: Session, /, status: int = 200, **more: Any) -> Response:
    spoken = language(request)
    response = TEMPLATES.TemplateResponse(
        request, template, status_code=status, context={
            "t": lambda name: text(name, spoken), "lang": spoken, "form_token": session.form_token,
            "op_id": secrets.token_hex(16), "people": session.people, **more})
    response.headers["Content-Security-Policy"] = CSP.format(platform=parts(request).settings.platform)
    response.headers["Cache-Control"] = "no-store"
    if request.query_params.get("lang") in {"zh", "en"}:
        response.set_cookie("lang", spoken, samesite="lax")
    return kept(request, response, session)


def kept(request: Request, response: Response, session: Session) -> Response:
    return remember(response, session, secure=parts(request).settings.address.startswith("https:"))


def moved(request: Request, session: Session, address: str) -> Response:
    return kept(request, RedirectResponse(address, 303), session)


async def sent_form(request: Request, session: Session) -> FormData:
    """The form that the browser sends. Raises FormTooOld for one that another site made."""
    form = await request.form()
    if not hmac.compare_digest(str(form.get("form_token", "")), session.form_token):
        raise FormTooOld
    return form


@dataclass(frozen=True)
class Visit:
    """A request of somebody who is logged in. token: that person's access token. language: `zh` or `en`."""

    request: Request
    shared: Parts
    session: Session
    token: str
    language: str


Page = Callable[[Visit], Awaitable[Response]]


def logged_in(role: str) -> Callable[[Page], Callable[[Request], Awaitable[Response]]]:
    """A page for persons of a role; who is not logged in is sent to the platform's login first."""
    def wrap(page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def opened(request: Request) -> Response:
            shared = parts(request)
            session, spoken = shared.sessions.of(request), language(request)
            if token := await shared.logins[role].token(session):
                return await page(Visit(request, shared, session, token, spoken))
            back_to = request.url.path if request.method == "GET" else f"/{role}"
            return moved(request, session, shared.logins[role].begin(session, back_to, spoken))

        return opened

    return wrap
