"""Around every request: ids, security headers, one log line, metrics, and no exception ever leaves."""
from __future__ import annotations

import logging
import random
from time import perf_counter
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.adapters import headers
from services.gateway.adapters.exchange import SCOPE_KEY, Exchange, begin
from services.gateway.adapters.http_metrics import REQUESTS, SECONDS
from services.gateway.adapters.problems import problem
from services.gateway.domain.errors import HttpMethodNotAllowed, Overloaded, PathUnknown
from shared_components.kernel.errors import AppError, Internal

log = logging.getLogger("zhongtai.http")

API_POLICY = "default-src 'none'; frame-ancestors 'none'"
ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
PROBES = frozenset({"/live", "/ready", "/metrics"})
PLACES = ("/", "/docs", "/docs/errors", "/openapi.json", "/v1/<service>/<method>", "/live", "/ready", "/metrics")


class Edge:
    """The outermost layer; what is inside may raise AppError. sample: share of good requests that are logged."""

    def __init__(self, app: ASGIApp, *, base_url: str, sample: float, max_in_flight: int) -> None:
        self._app = app
        self._base_url = base_url
        self._sample = sample
        self._max_in_flight = max_in_flight
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        request = Request(scope, receive)
        exchange = scope[SCOPE_KEY] = begin(request)
        answer = _Answer(send, exchange)
        self._in_flight += 1
        try:
            if self._in_flight > self._max_in_flight and request.url.path not in PROBES:
                raise Overloaded(details={"retry_after_s": 1})
            await self._app(scope, receive, answer.send)
        except ClientDisconnect:
            exchange.code = "client-gone"
        except Exception as raised:
            await self._refuse(raised, exchange, answer, scope, receive)
        finally:
            self._in_flight -= 1
            self._record(request, exchange, answer.status, perf_counter() - started)

    async def _refuse(
        self, raised: Exception, exchange: Exchange, answer: _Answer, scope: Scope, receive: Receive,
    ) -> None:
        error = _as_app_error(raised, scope)
        exchange.code = error.code
        if isinstance(error, Internal) and not isinstance(raised, AppError):
            log.error("http.request.crashed", exc_info=raised, extra={"trace_id": exchange.trace_id})
        if answer.status == 0:
            response = problem(
                error, base_url=self._base_url, locale=exchange.locale, trace_id=exchange.trace_id)
            await response(scope, receive, answer.send)

    def _record(self, request: Request, exchange: Exchange, status: int, duration_s: float) -> None:
        method = request.method if request.method in ("GET", "POST", "HEAD", "OPTIONS") else "other"
        REQUESTS.labels(method, exchange.path, str(status)).inc()
        SECONDS.labels(method, exchange.path).observe(duration_s)
        if status < 400 and (exchange.path in PROBES or (self._sample < 1 and random.random() >= self._sample)):
            return
        log.log(logging.WARNING if status >= 500 else logging.INFO, "http.request.finished", extra={
            "method": method, "path": exchange.path, "app": exchange.app, "status": status, "outcome": exchange.code,
            "duration_ms": round(duration_s * 1000, 2), "trace_id": exchange.trace_id,
            "request_id": exchange.request_id,
        })


class _Answer:
    """Sends the answer with the headers that all answers have. status: 0 before it has begun."""

    def __init__(self, send: Send, exchange: Exchange) -> None:
        self._send = send
        self._exchange = exchange
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            given: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
            present = {name for name, _ in given}
            given += [pair for pair in ALWAYS if pair[0] not in present]
            if b"content-security-policy" not in present:
                given.append((b"content-security-policy", API_POLICY.encode()))
            if b"cache-control" not in present:
                given.append((b"cache-control", b"no-store"))
            given.append((headers.REQUEST_ID.lower().encode(), self._exchange.request_id.encode()))
            given += [(name.lower().encode(), value.encode("latin-1"))
                      for name, value in self._exchange.extra_headers.items()]
            message = {**message, "headers": given}
        await self._send(message)


async def pass_on(request: Request, raised: Exception) -> Response:
    """Starlette's own handler would answer with plain text."""
    raise raised


def _as_app_error(raised: Exception, scope: Scope) -> AppError:
    if isinstance(raised, AppError):
        return raised
    if isinstance(raised, HTTPException) and raised.status_code == 404:
        return PathUnknown(
            f"there is nothing at this address; there is: {', '.join(PLACES)}", details={"available": list(PLACES)})
    if isinstance(raised, HTTPException) and raised.status_code == 405:
        allow = _allowed(raised.headers)
        return HttpMethodNotAllowed(
            f"HTTP method is {str(scope['method'])[:20]}; allowed: {', '.join(allow)}", details={"allow": allow})
    return Internal()


def _allowed(found: Any) -> list[str]:
    return sorted(part.strip() for part in str(dict(found or {}).get("Allow", "GET")).split(","))
