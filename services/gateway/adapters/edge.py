"""Around every request: ids, security headers, one log line, metrics, and no exception ever leaves."""
from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from time import perf_counter
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.gateway.adapters.answer import Answer
from services.gateway.adapters.calls import CallEndpoint, address_of_call
from services.gateway.adapters.compression import COMPRESSED_FROM_BYTES, compressed
from services.gateway.adapters.exchange import SCOPE_KEY, Exchange, begin
from services.gateway.adapters.http_metrics import record_request
from services.gateway.adapters.login_pages.problem_pages import WaitingPages
from services.gateway.domain.errors import HttpMethodNotAllowed, Overloaded, PathUnknown
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError, Internal

log = logging.getLogger("zhongtai.http")

PROBES = frozenset({"/live", "/ready", "/metrics"})


class Edge:
    """The outermost layer; what is inside may raise AppError.

    calls: asked directly, without a router's layers: nearly all requests are calls. others: all other addresses.
    places: what there is, for those who ask for something else. sample: share of good requests that are logged.
    """

    def __init__(
        self, calls: CallEndpoint, others: ASGIApp, *, base_url: str, places: Sequence[str], sample: float,
        max_in_flight: int,
    ) -> None:
        self._calls = calls
        self._others = compressed(others)
        self._base_url = base_url
        self._places = list(places)
        self._sample = sample
        self._max_in_flight = max_in_flight
        self._in_flight = 0
        self._waiting_pages = WaitingPages()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._others(scope, receive, send)
            return
        started = perf_counter()
        exchange = begin(scope, receive)
        answer = Answer(send, exchange)
        try:
            exchange.incoming.check()
            await self._admit(scope, exchange, answer)
        except ClientDisconnect:
            exchange.code = "client-gone"
        except Exception as raised:
            error = self._as_app_error(raised, scope)
            exchange.code = error.code
            if isinstance(error, Internal) and not isinstance(raised, AppError):
                log.error("http.request.crashed", exc_info=raised, extra={"trace_id": exchange.trace_id})
            if answer.status == 0:
                await exchange.incoming.throw_away()
                response = exchange.refusal(
                    error, base_url=self._base_url, locale=exchange.locale, trace_id=exchange.trace_id)
                await _send(response, scope, exchange, answer)
        finally:
            self._record(exchange, answer.status, perf_counter() - started)

    async def _admit(self, scope: Scope, exchange: Exchange, answer: Answer) -> None:
        """Raises Overloaded. A request counts as long as it is worked on, not while its refusal is sent."""
        if self._in_flight >= self._max_in_flight and scope["path"] not in PROBES:
            given = exchange.given
            exchange.refusal = self._waiting_pages.of(
                method=exchange.method, accept=given.text(b"accept"), accept_language=given.get(b"accept-language"),
            ) or exchange.refusal
            raise Overloaded(details={"retry_after_s": 1})
        self._in_flight += 1
        try:
            call = address_of_call(scope["path"])
            if call is not None:
                await _send(await self._calls(exchange, *call), scope, exchange, answer)
            else:
                # With an app in its scope the router raises what it does not know, instead of answering by itself.
                scope[SCOPE_KEY], scope["app"] = exchange, self
                await self._others(scope, exchange.incoming.receive, answer.send)
        finally:
            self._in_flight -= 1

    def _as_app_error(self, raised: Exception, scope: Scope) -> AppError:
        if isinstance(raised, AppError):
            return raised
        if isinstance(raised, HTTPException) and raised.status_code == 404:
            return PathUnknown(
                Bilingual(
                    f"there is nothing at this address; there is: {', '.join(self._places)}",
                    f"该地址不存在；现有地址：{'、'.join(self._places)}"),
                details={"available": self._places})
        if isinstance(raised, HTTPException) and raised.status_code == 405:
            allow = _allowed(raised.headers)
            return HttpMethodNotAllowed(
                Bilingual(
                    f"HTTP method is {str(scope['method'])[:20]}; allowed: {', '.join(allow)}",
                    f"HTTP 方法为 {str(scope['method'])[:20]}；允许：{'、'.join(allow)}"), details={"allow": allow})
        return Internal()

    def _record(self, exchange: Exchange, status: int, duration_s: float) -> None:
        method = exchange.method if exchange.method in ("GET", "POST", "HEAD", "OPTIONS") else "other"
        record_request(method, exchange.path, status, duration_s)
        if status < 400 and (exchange.path in PROBES or (self._sample < 1 and random.random() >= self._sample)):
            return
        log.log(logging.WARNING if status >= 500 else logging.INFO, "http.request.finished", extra={
            "method": method, "path": exchange.path, "app": exchange.app, "status": status, "outcome": exchange.code,
            "duration_ms": round(duration_s * 1000, 2), "trace_id": exchange.trace_id,
            "request_id": exchange.request_id,
        })


async def _send(response: Response, scope: Scope, exchange: Exchange, answer: Answer) -> None:
    app = response if len(response.body) < COMPRESSED_FROM_BYTES else compressed(response)
    await app(scope, exchange.incoming.receive, answer.send)


def _allowed(found: Any) -> list[str]:
    return sorted(part.strip() for part in str(dict(found or {}).get("Allow", "GET")).split(","))
