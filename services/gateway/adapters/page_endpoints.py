"""Serves the pages, their assets and the OpenAPI document; all but the greeting are made once."""
from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine, Sequence
from importlib.resources import files
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.adapters.exchange import exchange_of
from services.gateway.adapters.openapi import openapi
from services.gateway.adapters.operations import Operations
from services.gateway.adapters.pages.documentation import documentation
from services.gateway.adapters.pages.error_codes import error_codes
from services.gateway.adapters.pages.greeting import greeting
from shared_components.observability.health import Health

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'")
HTML, JSON = "text/html; charset=utf-8", "application/json"
ASSETS = {"pages.css": "text/css; charset=utf-8", "try.js": "text/javascript; charset=utf-8"}
Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


def page_routes(
    operations: Operations, health: Health, *, base_url: str, longest_timeout_s: float, demo: bool,
    probes: Sequence[str],
) -> list[Route]:
    async def home(request: Request) -> Response:
        exchange_of(request).path = "/"
        ready = (await asyncio.to_thread(health.ready)).ok
        return _response(greeting(operations, base_url=base_url, ready=ready, demo=demo, probes=probes).encode(), HTML)

    document = orjson.dumps(openapi(operations, server_url=base_url, longest_timeout_s=longest_timeout_s))
    assets = files("services.gateway.adapters.assets")
    return [
        Route("/", home),
        Route("/docs", _fixed("/docs", documentation(operations, demo=demo).encode(), HTML)),
        Route("/docs/errors", _fixed("/docs/errors", error_codes(operations).encode(), HTML)),
        Route("/openapi.json", _fixed("/openapi.json", document, JSON)),
        *(Route(f"/assets/{name}", _fixed(f"/assets/{name}", (assets / name).read_bytes(), media_type))
          for name, media_type in ASSETS.items()),
    ]


def _fixed(path: str, content: bytes, media_type: str) -> Endpoint:
    """Something that stays the same as long as the process lives; browsers ask whether it has changed."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'

    async def endpoint(request: Request) -> Response:
        exchange_of(request).path = path
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
        response = _response(content, media_type)
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = "no-cache"
        return response

    return endpoint


def _response(content: bytes, media_type: str) -> Response:
    headers = {"Content-Type": media_type}
    if media_type == HTML:
        headers["Content-Security-Policy"] = PAGE_POLICY
    return Response(content, headers=headers)
