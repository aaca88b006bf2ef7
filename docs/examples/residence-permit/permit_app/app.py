"""The program: routes, and what happens to errors."""
from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from permit_app import citizen, desk, shop
from permit_app.login import Login
from permit_app.pages import FormTooOld, Parts, moved, parts, show
from permit_app.platform_api import Platform, PlatformError
from permit_app.sessions import Sessions
from permit_app.settings import AppKey, Settings
from permit_app.texts import language, text


async def home(request: Request) -> Response:
    return show(request, "home.html", parts(request).sessions.of(request))


async def callback(request: Request) -> Response:
    """The browser comes back from the platform's login."""
    shared, role = parts(request), request.path_params["role"]
    session = shared.sessions.of(request)
    try:
        back_to = await shared.logins[role].finish(session, str(request.url), request.query_params)
    except LookupError:
        return show(request, "problem.html", session, 403, sentence=text("login.refused", language(request)))
    return moved(request, shared.sessions.renew(session), back_to)


async def logout(request: Request) -> Response:
    shared = parts(request)
    session = shared.sessions.of(request)
    return moved(request, session, shared.logins[request.path_params["role"]].end(session))


async def refused(request: Request, error: Exception) -> Response:
    """A refusal of the platform, in its own words; a login that has ended begins anew."""
    assert isinstance(error, PlatformError)
    session = parts(request).sessions.of(request)
    if error.status == 401 and (role := request.url.path.split("/")[1]) in session.people:
        session.people.pop(role)
        return moved(request, session, f"/{role}")
    return show(request, "problem.html", session, error.status, sentence=error.title)


async def too_old(request: Request, error: Exception) -> Response:
    session = parts(request).sessions.of(request)
    return show(request, "problem.html", session, 403, sentence=text("form.old", language(request)))


def make_app(settings: Settings, transports: Mapping[str, httpx.AsyncBaseTransport] | None = None) -> Starlette:
    """transports: what stands in for the network, by role; for tests."""
    given = transports or {}

    def platform(role: str, app: AppKey) -> Platform:
        return Platform(settings.platform, app, given.get(role))

    shared = Parts(
        settings, Sessions(), platform("citizen", settings.citizen), platform("desk", settings.desk),
        platform("shop", settings.shop),
        {"citizen": Login(settings, "citizen", settings.citizen), "desk": Login(settings, "desk", settings.desk)})

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        for each in (shared.citizen, shared.desk, shared.shop):
            await each.close()

    app = Starlette(
        lifespan=lifespan, exception_handlers={PlatformError: refused, FormTooOld: too_old},
        routes=[
            Route("/", home),
            Route("/citizen", citizen.cases),
            Route("/citizen/apply", citizen.apply, methods=["GET", "POST"]),
            Route("/citizen/cases/{case_id}", citizen.case),
            Route("/citizen/cases/{case_id}/withdraw", citizen.withdraw, methods=["POST"]),
            Route("/citizen/code", citizen.code, methods=["POST"]),
            Route("/desk", desk.tasks),
            Route("/desk/{case_id}/{step}", desk.task, methods=["GET", "POST"]),
            Route("/shop", shop.shop, methods=["GET", "POST"]),
            Route("/{role:str}/callback", callback),
            Route("/{role:str}/logout", logout),
            Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
        ])
    app.state.parts = shared
    return app
