"""The server's metadata and its public keys: documents that everybody may read."""
from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.adapters.calls import Limits, timed_call
from services.gateway.adapters.exchange import exchange_of
from services.gateway.adapters.openid.answers import JSON, oauth_refusal
from shared_components.bus.client.asyncio_ import AsyncBus
from shared_components.kernel.ids import new_id

IDENTITY = "identity"
METADATA_PATHS = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")
KEYS_PATH = "/oauth/jwks"
METADATA_KEPT_S, KEYS_KEPT_S = 60.0, 2.0
CACHED = {"Cache-Control": "public, max-age=60", "Access-Control-Allow-Origin": "*"}
"""Both documents are for every web page; they hold nothing of anybody."""


class KeptDocument:
    """One document of identity, asked for again when it is older than kept_s; one question at a time.

    seconds: a clock that never goes back.
    """

    def __init__(
        self, bus: AsyncBus, method: str, limits: Limits, *, tenant: str, kept_s: float,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bus, self._method, self._limits, self._tenant = bus, method, limits, tenant
        self._kept_s, self._seconds = kept_s, seconds
        self._content, self._until = b"", float("-inf")
        self._asking = asyncio.Lock()

    async def serve(self, request: Request) -> Response:
        exchange = exchange_of(request)
        exchange.path, exchange.refusal = request.url.path, oauth_refusal
        async with self._asking:
            if self._seconds() >= self._until:
                reply = await timed_call(
                    self._bus, IDENTITY, self._method, {}, timeout_s=self._limits.default_timeout_s, op_id=new_id("op"),
                    context=exchange.context(self._tenant))
                self._content, self._until = orjson.dumps(reply["document"]), self._seconds() + self._kept_s
        return Response(self._content, headers=CACHED, media_type=JSON)


def document_routes(bus: AsyncBus, limits: Limits, *, tenant: str) -> list[Route]:
    metadata = KeptDocument(bus, "oauth_metadata", limits, tenant=tenant, kept_s=METADATA_KEPT_S)
    keys = KeptDocument(bus, "oauth_keys", limits, tenant=tenant, kept_s=KEYS_KEPT_S)
    return [*(Route(path, metadata.serve) for path in METADATA_PATHS), Route(KEYS_PATH, keys.serve)]
