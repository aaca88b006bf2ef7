"""One request on its way through the gateway: its ids, and what the log line will say of it."""
from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.types import Receive, Scope

from services.gateway.adapters import headers
from services.gateway.adapters.headers import RequestHeaders
from services.gateway.adapters.incoming import Incoming
from services.gateway.adapters.problems import Refusal, problem
from shared_components.bus.amqp.wire import CONTEXT_VERSION
from shared_components.kernel.acting import Ticket
from shared_components.observability.tracing import TraceContext

SCOPE_KEY = "zhongtai.exchange"


@dataclass(slots=True)
class Exchange:
    """method: of HTTP. path: the template of the address, never the address itself, which may hold ids.

    app: empty while unknown. ticket: proves the acting person to the services; None: nobody acts.
    refusal: makes the answer for an error.
    """

    method: str
    given: RequestHeaders
    incoming: Incoming
    trace: TraceContext
    request_id: str
    locale: str
    path: str = "(unknown)"
    app: str = ""
    ticket: Ticket | None = None
    code: str = "ok"
    refusal: Refusal = problem
    extra_headers: dict[str, str] = field(default_factory=dict)

    @property
    def trace_id(self) -> str:
        return self.trace.trace_id

    def context(self, tenant: str) -> dict[str, str]:
        """Give the context that travels with the call over the bus. For the services the app is the caller."""
        parts = {"tenant": tenant, "locale": self.locale, "traceparent": str(self.trace)}
        if self.app:
            parts["for_app"] = self.app
        if self.ticket is not None:
            parts |= {"version": CONTEXT_VERSION, "ticket": self.ticket}
        return parts


def begin(scope: Scope, receive: Receive) -> Exchange:
    given = RequestHeaders(scope["headers"])
    return Exchange(
        method=scope["method"],
        given=given,
        incoming=Incoming(given, receive),
        trace=TraceContext.continue_or_new(given.get(b"traceparent")),
        request_id=headers.request_id(given.get(b"x-request-id")),
        locale=headers.locale(given.get(b"accept-language")),
    )


def exchange_of(request: Request) -> Exchange:
    exchange: Exchange = request.scope[SCOPE_KEY]
    return exchange
