"""Serves the pages, their assets and the OpenAPI document; all but the greeting are made once."""
from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from functools import cache, partial
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.adapters.asyncapi import asyncapi
from services.gateway.adapters.exchange import exchange_of
from services.gateway.adapters.openapi import openapi
from services.gateway.adapters.operations import Operations
from services.gateway.adapters.pages.documentation import documentation
from services.gateway.adapters.pages.error_codes import error_codes
from services.gateway.adapters.pages.events import events
from services.gateway.adapters.pages.greeting import greeting
from services.gateway.adapters.probes import run_checks
from services.gateway.adapters.texts import CHINESE_TEXTS
from shared_components.kernel.languages import LANGUAGES, LOCALES, Language
from shared_components.observability.health import Health
from shared_components.pages.presentation import Presentation, presentation_of
from shared_components.pages.rendering import NavigationLink, Pages
from shared_components.pages.responses import COMMON_ASSETS, FixedContent, common_asset, packaged_file, page_headers
from shared_components.runtime.discovery import service_folder, service_names

SCHEMA = ".schema.json"
"""Ends the name of a JSON Schema that a service publishes, beside its contract."""
OWN_PAGES = "services.gateway.adapters.pages"
NAVIGATION = (
    NavigationLink("/", "Home"), NavigationLink("/docs", "Documentation"),
    NavigationLink("/docs/events", "Events"), NavigationLink("/docs/errors", "Error codes"),
    NavigationLink("/openapi.json", "OpenAPI"))
Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


def page_routes(
    operations: Operations, health: Health, *, base_url: str, longest_timeout_s: float, demo: bool,
    probes: Sequence[str],
) -> list[Route]:
    pages = Pages(OWN_PAGES, chinese=CHINESE_TEXTS, navigation=NAVIGATION)

    async def home(request: Request) -> Response:
        exchange_of(request).path = "/"
        presentation = _presentation(request)
        ready = (await run_checks(health.readiness_checks())).ok
        content = greeting(
            pages, operations, presentation, base_url=base_url, ready=ready, demo=demo, probes=probes)
        return Response(content, headers=page_headers(presentation.locale))

    return [
        Route("/", home),
        Route("/docs", _page("/docs", partial(documentation, pages, operations, demo=demo))),
        Route("/docs/errors", _page("/docs/errors", partial(error_codes, pages, operations))),
        Route("/docs/events", _page("/docs/events", partial(events, pages, operations))),
        Route("/openapi.json", _document("/openapi.json", lambda language: openapi(
            operations, server_url=base_url, longest_timeout_s=longest_timeout_s, language=language))),
        Route("/asyncapi.json", _document("/asyncapi.json", partial(asyncapi, operations.contracts))),
        *schema_routes(),
        *(asset_route(name, common_asset(name)) for name in COMMON_ASSETS),
        asset_route("try.js", packaged_file(f"{OWN_PAGES}.assets", "try.js", "text/javascript; charset=utf-8")),
    ]


def _page(path: str, render: Callable[[Presentation], str]) -> Endpoint:
    # Not more than eight: two languages, each chosen or preferred, in either mode.
    @cache
    def content(presentation: Presentation) -> FixedContent:
        return FixedContent(render(presentation).encode(), page_headers(presentation.locale))

    for language in LANGUAGES:
        content(Presentation(language))  # no first reader waits, and a broken template is found at start

    async def endpoint(request: Request) -> Response:
        exchange_of(request).path = path
        return content(_presentation(request)).response(request)

    return endpoint


def _document(path: str, make: Callable[[Language], dict[str, Any]]) -> Endpoint:
    """A JSON document, made once in each language."""
    contents = {language: FixedContent(
        orjson.dumps(make(language)),
        {"Content-Type": "application/json", "Content-Language": LOCALES[language], "Vary": "Accept-Language"},
    ) for language in LANGUAGES}

    async def endpoint(request: Request) -> Response:
        exchange_of(request).path = path
        return contents[_presentation(request).language].response(request)

    return endpoint


def schema_routes() -> list[Route]:
    """Serve the JSON Schemas that services of this checkout publish for the files of their users."""
    headers = {"Content-Type": "application/schema+json"}
    return [
        _fixed_route(f"/schemas/{path.name.removesuffix(SCHEMA)}.json", FixedContent(path.read_bytes(), headers))
        for name in service_names() for path in sorted(service_folder(name).glob(f"*{SCHEMA}"))]


def asset_route(name: str, content: FixedContent) -> Route:
    return _fixed_route(f"/assets/{name}", content)


def _fixed_route(path: str, content: FixedContent) -> Route:
    async def endpoint(request: Request) -> Response:
        exchange_of(request).path = path
        return content.response(request)

    return Route(path, endpoint)


def _presentation(request: Request) -> Presentation:
    return presentation_of(request.query_params, request.headers.get("accept-language"))
