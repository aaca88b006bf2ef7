"""/live, /ready and /metrics."""
from __future__ import annotations

import asyncio

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.adapters.exchange import exchange_of
from shared_components.observability.health import Health, Report
from shared_components.observability.health_server import JSON, PLAIN
from shared_components.observability.metrics import METRICS


class ProbeEndpoints:
    def __init__(self, health: Health) -> None:
        self._health = health

    async def live(self, request: Request) -> Response:
        exchange_of(request).path = "/live"
        return _report(await asyncio.to_thread(self._health.live))

    async def ready(self, request: Request) -> Response:
        """Asked in a thread: a check may wait for a database."""
        exchange_of(request).path = "/ready"
        return _report(await asyncio.to_thread(self._health.ready))

    async def metrics(self, request: Request) -> Response:
        exchange_of(request).path = "/metrics"
        return Response(METRICS.render(), headers={"Content-Type": PLAIN})


def _report(report: Report) -> Response:
    return Response(
        orjson.dumps(report.to_dict()) + b"\n", status_code=200 if report.ok else 503, headers={"Content-Type": JSON})
