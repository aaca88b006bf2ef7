"""`client.payment.create_order(…)`: what a client's attributes are, whether its calls block or are awaited."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from shared_components.bus.amqp.wire import CONTEXT_VERSION
from shared_components.bus.client.argument_checks import by_name
from shared_components.kernel.calls import CallContext


class Caller(Protocol):
    """A client, as far as its callers need it. call: gives the reply, or an awaitable of it."""

    def call(
        self, service: str, method: str, kwargs: Mapping[str, Any], *, timeout_s: float | None = None,
        op_id: str | None = None, context: Mapping[str, str] | None = None,
    ) -> Any: ...


class ContextClient:
    """A client whose calls carry a context."""

    def __init__(self, client: Caller, context: Mapping[str, str]) -> None:
        self._client = client
        self._context = context

    def __getattr__(self, service: str) -> ServiceCaller:
        if service.startswith("_"):
            raise AttributeError(service)
        return ServiceCaller(self._client, service, self._context)


class ServiceCaller:
    """`client.payment`: its attributes are the service's methods."""

    def __init__(self, client: Caller, service: str, context: Mapping[str, str]) -> None:
        self._client = client
        self._service = service
        self._context = context

    def __getattr__(self, method: str) -> Any:
        if method.startswith("_"):
            raise AttributeError(method)

        def call(
            *unnamed: Any, timeout_s: float | None = None, op_id: str | None = None, tenant: str | None = None,
            **kwargs: Any,
        ) -> Any:
            if unnamed:
                raise by_name(f"{self._service}.{method}", unnamed)
            context = dict(self._context) if tenant is None else {**self._context, "tenant": tenant}
            return self._client.call(
                self._service, method, kwargs, timeout_s=timeout_s, op_id=op_id, context=context)

        return call


def context_to_send(context: CallContext | None) -> dict[str, str]:
    """The parts of a call's context that travel on with the calls it causes; the caller's name does not."""
    if context is None:
        return {}
    parts = {
        "tenant": context.tenant, "locale": context.locale, "traceparent": context.traceparent,
        "purpose": context.purpose,
    }
    if context.ticket is not None:
        parts |= {"version": CONTEXT_VERSION, "ticket": context.ticket}
    return {key: value for key, value in parts.items() if value is not None}


def with_version(given: dict[str, str]) -> dict[str, str]:
    """State the version of a context that proves a person."""
    return {"version": CONTEXT_VERSION, **given} if "token" in given else given
