"""POST /v1/<service>/<method>: one call over the bus."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter, time
from typing import Any

import orjson
from starlette.responses import Response

from services.gateway.adapters import headers
from services.gateway.adapters.bodies import read_json_object
from services.gateway.adapters.callers import Callers
from services.gateway.adapters.exchange import Exchange
from services.gateway.adapters.operations import PREFIX, Operation, Operations, not_offered
from services.gateway.domain.apps import InFlight
from services.gateway.domain.errors import HttpMethodNotAllowed, MethodNotGranted
from shared_components.bus.amqp import degraded
from shared_components.bus.client.asyncio_ import AsyncBus
from shared_components.bus.errors import OperationReused, ReplyNotKept
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError, Internal, OutcomeUnknown
from shared_components.observability.metrics import METRICS

PATH = PREFIX + "/{service}/{method}"


@dataclass(frozen=True)
class Limits:
    """body_bytes: of a request. timeouts: of a call without X-Timeout-S, and the most that header may ask for."""

    body_bytes: int
    body_timeout_s: float
    default_timeout_s: float
    longest_timeout_s: float


def address_of_call(path: str) -> tuple[str, str] | None:
    """Service and segment, when the address has the form of a call."""
    parts = path.split("/")
    if len(parts) != 4 or f"/{parts[1]}" != PREFIX or not parts[2] or not parts[3]:
        return None
    return parts[2], parts[3]


class CallEndpoint:
    """Finds the operation, knows the app, reads the body, calls."""

    def __init__(
        self, operations: Operations, callers: Callers, bus: AsyncBus, limits: Limits, in_flight: InFlight,
    ) -> None:
        self._in_flight = in_flight
        self._operations = operations
        self._callers = callers
        self._bus = bus
        self._limits = limits

    async def __call__(self, exchange: Exchange, service: str, segment: str) -> Response:
        exchange.path = PATH
        operation = self._operations.find(service, segment)
        exchange.path = f"{PREFIX}/{service}/{segment}"
        if operation is not None and operation.contract.deprecated is not None:
            exchange.extra_headers |= operation.contract.deprecated.headers()
        if exchange.method != "POST":
            raise HttpMethodNotAllowed(
                Bilingual(
                    f"HTTP method is {exchange.method[:20]}; POST is allowed",
                    f"HTTP 方法为 {exchange.method[:20]}；只允许 POST"), details={"allow": ["POST"]})
        app = await self._callers.app_of(exchange)
        if operation is None:
            raise not_offered(service, segment)
        if not app.may_call(service, operation.method):
            raise MethodNotGranted(Bilingual(
                f"app '{app.name}' has no grant for '{operation.id}'",
                f"应用“{app.name}”未获授权调用“{operation.id}”"))
        refuse_switched_off(operation)
        await self._callers.prove_person(exchange, app, service)
        timeout_s = headers.timeout_s(
            exchange.given.get(b"x-timeout-s"), default_s=self._limits.default_timeout_s,
            longest_s=self._limits.longest_timeout_s)
        key = headers.idempotency_key(exchange.given.get(b"idempotency-key"))
        with self._in_flight.one(app):
            arguments = await read_json_object(
                exchange, limit=self._limits.body_bytes, timeout_s=self._limits.body_timeout_s)
            if operation.contract.mutating:
                exchange.extra_headers[headers.IDEMPOTENCY_KEY] = key
            # A service keeps operation ids by caller, which is the app: two apps' keys never meet.
            result = await self._call(
                operation, arguments, timeout_s=timeout_s, op_id=key, exchange=exchange, tenant=app.tenant)
        return Response(orjson.dumps(result), media_type="application/json")

    async def _call(
        self, operation: Operation, arguments: Mapping[str, Any], *, timeout_s: float, op_id: str,
        exchange: Exchange, tenant: str,
    ) -> Any:
        try:
            return await timed_call(
                self._bus, operation.service, operation.method, arguments, timeout_s=timeout_s, op_id=op_id,
                context=exchange.context(tenant))
        except (OutcomeUnknown, OperationReused, ReplyNotKept) as error:
            raise _with_key(error, op_id) from None


def refuse_switched_off(operation: Operation) -> None:
    """Raises Degraded for what operators have switched off: the bus is spared the call."""
    refusal = degraded.current().refusal(operation.service, operation.method, operation.contract.load_class, time())
    if refusal is not None:
        raise refusal


async def timed_call(
    bus: AsyncBus, service: str, method: str, arguments: Mapping[str, Any], *, timeout_s: float, op_id: str,
    context: Mapping[str, str],
) -> Any:
    """A call that the metrics know of."""
    started, outcome = perf_counter(), Internal.category
    try:
        result = await bus.call(service, method, arguments, timeout_s=timeout_s, op_id=op_id, context=context)
        outcome = "ok"
    except AppError as error:
        outcome = error.category
        raise
    finally:
        METRICS.record_client_call(service, method, outcome, perf_counter() - started)
    return result


def _with_key(error: AppError, key: str) -> AppError:
    """Over HTTP the operation id is the header's value, and has its name."""
    for quote in ("", "'"):
        error.message = error.message.replace(
            f"operation id {quote}{key}{quote}", f"{headers.IDEMPOTENCY_KEY} {quote}{key}{quote}")
    if error.message_zh is not None:
        error.message_zh = error.message_zh.replace(f"操作编号“{key}”", f"{headers.IDEMPOTENCY_KEY}“{key}”").replace(
            f"操作编号 {key}", f"{headers.IDEMPOTENCY_KEY} {key}")
    error.details["idempotency_key"] = key
    return error
