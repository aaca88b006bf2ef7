"""/live, /ready and /metrics."""
from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.adapters.exchange import exchange_of
from services.gateway.domain.errors import PathUnknown
from shared_components.bus.green.run_blocking import run_blocking
from shared_components.kernel.bilingual import Bilingual
from shared_components.observability.health import Check, Health, Report, report_of, run_check
from shared_components.observability.health_server import JSON, PLAIN
from shared_components.observability.metrics import METRICS

CHECK_TIMEOUT_S = 5.0


class ProbeEndpoints:
    def __init__(self, health: Health) -> None:
        self._health = health

    async def live(self, request: Request) -> Response:
        exchange_of(request).path = "/live"
        return _report(await run_checks(self._health.liveness_checks()))

    async def ready(self, request: Request) -> Response:
        exchange_of(request).path = "/ready"
        return _report(await run_checks(self._health.readiness_checks()))

    async def metrics(self, request: Request) -> Response:
        exchange_of(request).path = "/metrics"
        return Response(METRICS.render(), headers={"Content-Type": PLAIN})


def metrics_elsewhere(port: int) -> Callable[[Request], Awaitable[Response]]:
    """With a health port the metrics are there: what the platform counts is nobody's business outside."""

    async def refuse(request: Request) -> Response:
        exchange_of(request).path = "/metrics"
        raise PathUnknown(
            Bilingual(
                f"metrics are not served here; health.port ({port or 'any free one'}) serves /metrics",
                f"此处不提供指标；/metrics 由 health.port（{port or '任一空闲端口'}）提供"),
            details={"available": ["/live", "/ready"]})

    return refuse


async def run_checks(checks: Mapping[str, Check]) -> Report:
    """All at once, and beside the event loop: a check may wait for a database, and a hung one fails."""
    results = await asyncio.gather(*(_bounded(name, check) for name, check in checks.items()))
    return report_of(dict(zip(checks, results, strict=True)))


async def _bounded(name: str, check: Check) -> dict[str, Any]:
    try:
        return await run_blocking(partial(run_check, name, check), timeout_s=CHECK_TIMEOUT_S)
    except TimeoutError:
        return {"ok": False, "reason": f"no answer within {CHECK_TIMEOUT_S:g} s"}


def _report(report: Report) -> Response:
    return Response(
        orjson.dumps(report.to_dict()) + b"\n", status_code=200 if report.ok else 503, headers={"Content-Type": JSON})
