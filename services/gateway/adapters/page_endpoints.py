"""Serves the pages, their assets and the OpenAPI document; all but the greeting are made once."""
from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine, Mapping, Sequence
from importlib.resources import files
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.adapters import headers
from services.gateway.adapters.exchange import exchange_of
from services.gateway.adapters.openapi import openapi
from services.gateway.adapters.operations import Operations
from services.gateway.adapters.pages.documentation import documentation
from services.gateway.adapters.pages.error_codes import error_codes
from services.gateway.adapters.pages.greeting import greeting
from services.gateway.adapters.probes import run_checks
from services.gateway.adapters.words import CODES, LANGUAGES, Language, language_of
from shared_components.observability.health import Health

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'")
HTML, JSON = "text/html; charset=utf-8", "application/json"
ASSETS = {
    "icon.svg": "image/svg+xml", "pages.css": "text/css; charset=utf-8", "try.js": "text/javascript; charset=utf-8",
}
Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


def page_routes(
    operations: Operations, health: Health, *, base_url: str, longest_timeout_s: float, demo: bool,
    probes: Sequence[str],
) -> list[Route]:
    async def home(request: Request) -> Response:
        exchange_of(request).path = "/"
        ready = (await run_checks(health.readiness_checks())).ok
        return _response(greeting(operations, base_url=base_url, ready=ready, demo=demo, probes=probes).encode(), HTML)

    documents = {language: orjson.dumps(openapi(
        operations, server_url=base_url, longest_timeout_s=longest_timeout_s, language=language))
        for language in LANGUAGES}
    pages = {language: documentation(operations, demo=demo, language=language).encode() for language in LANGUAGES}
    assets = files("services.gateway.adapters.assets")
    return [
        Route("/", home),
        Route("/docs", _in_language("/docs", pages, HTML)),
        Route("/docs/errors", _fixed("/docs/errors", error_codes(operations).encode(), HTML)),
        Route("/openapi.json", _in_language("/openapi.json", documents, JSON)),
        *(Route(f"/assets/{name}", _fixed(f"/assets/{name}", (assets / name).read_bytes(), media_type))
          for name, media_type in ASSETS.items()),
    ]


def _fixed(path: str, content: bytes, media_type: str) -> Endpoint:
    """Something that stays the same as long as the process lives; browsers ask whether it has changed."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'

    async def endpoint(request: Request) -> Response:
        exchange_of(request).path = path
        # An unchanged page keeps its policy: a browser lays the headers of a 304 over those that it has.
        unchanged = request.headers.get("if-none-match") == tag
        response = _response(b"" if unchanged else content, media_type, 304 if unchanged else 200)
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = "no-cache"
        return response

    return endpoint


def _in_language(path: str, contents: Mapping[Language, bytes], media_type: str) -> Endpoint:
    """The same thing in each language; `?lang=` wins over Accept-Language, and without a word it is Chinese."""
    endpoints = {language: _fixed(path, content, media_type) for language, content in contents.items()}

    async def endpoint(request: Request) -> Response:
        asked = request.query_params.get("lang", "")
        preferred = headers.locale(request.headers.get("accept-language"))
        language = language_of(asked if asked.lower()[:2] in LANGUAGES else preferred)
        response = await endpoints[language](request)
        response.headers["Content-Language"] = CODES[language]
        response.headers["Vary"] = "Accept-Language"
        return response

    return endpoint


def _response(content: bytes, media_type: str, status: int = 200) -> Response:
    told = {"Content-Type": media_type}
    if media_type == HTML:
        told["Content-Security-Policy"] = PAGE_POLICY
    return Response(content, status, told)
