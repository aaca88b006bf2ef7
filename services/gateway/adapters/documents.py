"""GET /v1/<service>/<collection>/<id>.<extension>: the file in a method's reply, as a file.

Which methods have one, their contracts say (docs/adr/020-a-reply-may-hold-a-document.md).
"""
from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.adapters import headers
from services.gateway.adapters.callers import Callers
from services.gateway.adapters.calls import Limits, timed_call
from services.gateway.adapters.exchange import Exchange, exchange_of
from services.gateway.adapters.operations import Operation, Operations
from services.gateway.domain.apps import App, InFlight
from services.gateway.domain.errors import DocumentAbsent, HttpMethodNotAllowed, MethodNotGranted, PathUnknown
from shared_components.bus.client.asyncio_ import AsyncBus
from shared_components.contracts.documents import media_type
from shared_components.contracts.registry import DocumentContract
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.ids import new_id

ALLOWED = ["GET", "HEAD"]
LONGEST_NAME = 100
# What ids are made of; nothing else is asked for, nor stands in a file's name.
ID_PATTERN = "^[A-Za-z0-9_-]{1,64}$"
_ID = re.compile(ID_PATTERN[1:-1])
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


class DocumentEndpoint:
    """The documents of one operation, asked for with its method and under its grant."""

    def __init__(
        self, operation: Operation, document: DocumentContract, callers: Callers, bus: AsyncBus, limits: Limits,
        in_flight: InFlight,
    ) -> None:
        self._in_flight = in_flight
        self.path = str(operation.document_path)
        self._operation = operation
        self._document = document
        self._media_type = str(media_type(operation.contract, document))
        self._callers = callers
        self._bus = bus
        self._limits = limits

    async def serve(self, request: Request) -> Response:
        exchange, document_id = exchange_of(request), request.path_params[self._document.place]
        exchange.path = self.path
        if request.method not in ALLOWED:
            raise HttpMethodNotAllowed(
                Bilingual(
                    f"HTTP method is {request.method[:20]}; {' and '.join(ALLOWED)} are allowed",
                    f"HTTP 方法为 {request.method[:20]}；只允许 {'、'.join(ALLOWED)}"),
                details={"allow": ALLOWED})
        app = await self._callers.app_of(exchange)
        if not app.may_call(self._operation.service, self._operation.method):
            raise MethodNotGranted(Bilingual(
                f"app '{app.name}' has no grant for '{self._operation.id}'",
                f"应用“{app.name}”未获授权调用“{self._operation.id}”"))
        await self._callers.prove_person(exchange, app, self._operation.service)
        if not _ID.fullmatch(document_id):
            raise PathUnknown(Bilingual(
                f"the id in {self.path} has other signs; 1 to 64 of A-Z a-z 0-9 _ - are allowed",
                f"{self.path} 中的编号含有不允许的字符；只允许 1 至 64 个 A-Z a-z 0-9 _ -"))
        with self._in_flight.one(app):
            reply = await self._ask(request, exchange, app, document_id)
        return self._answer(reply, document_id, request.headers.get("if-none-match"))

    async def _ask(self, request: Request, exchange: Exchange, app: App, document_id: str) -> Mapping[str, Any]:
        timeout_s = headers.timeout_s(
            request.headers.get(headers.TIMEOUT), default_s=self._limits.default_timeout_s,
            longest_s=self._limits.longest_timeout_s)
        reply: Mapping[str, Any] = await timed_call(
            self._bus, self._operation.service, self._operation.method,
            {self._document.place: document_id, **self._document.asking}, timeout_s=timeout_s, op_id=new_id("op"),
            context=exchange.context(app.tenant))
        return reply

    def _answer(self, reply: Mapping[str, Any], document_id: str, if_none_match: str | None) -> Response:
        """A HEAD's, too: the server leaves its content out, and the headers are a GET's. Raises DocumentAbsent."""
        if reply[self._document.reply_field] is None:
            raise DocumentAbsent(Bilingual(
                f"there is no document of '{document_id}'",
                f"“{document_id}”没有对应的文件"))
        content = base64.b64decode(reply[self._document.reply_field], validate=True)
        # Weak: on the way it may be compressed, and is the same document still.
        tag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
        # It holds personal data: no cache that others use, and none without asking who asks.
        told = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Zhongtai-App-Key"}
        if _holds(if_none_match, tag):
            return Response(status_code=304, headers=told)
        name = file_name([reply[field] for field in self._document.named_by], document_id, self._document.extension)
        return Response(content, headers=told | {
            "Content-Type": self._media_type, "Content-Disposition": f'attachment; filename="{name}"'})


def document_routes(
    operations: Operations, callers: Callers, bus: AsyncBus, limits: Limits, in_flight: InFlight,
) -> list[Route]:
    """One for each operation whose reply holds a document. Each says itself which HTTP methods are allowed."""
    routes = []
    for operation in operations:
        if operation.contract.document is not None:
            endpoint = DocumentEndpoint(operation, operation.contract.document, callers, bus, limits, in_flight)
            route = Route(endpoint.path, endpoint.serve)
            route.methods = None
            routes.append(route)
    return routes


def file_name(parts: Sequence[Any], otherwise: str, extension: str) -> str:
    """Make a file name that is safe in a header, a shell and a file system.

    otherwise: an id, used when all parts are empty.
    """
    safe = [_UNSAFE.sub("_", str(part)) for part in parts if part not in (None, "")]
    return ("-".join(safe) or otherwise)[:LONGEST_NAME] + extension


def _holds(if_none_match: str | None, tag: str) -> bool:
    """Source: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2"""
    given = [one.strip() for one in (if_none_match or "").split(",")]
    return "*" in given or tag.removeprefix("W/") in [one.removeprefix("W/") for one in given]
