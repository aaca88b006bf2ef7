"""The decorators that service authors write: `@rpc_method`, `@on_event`, `@every`.

A decorated method keeps its own signature `(self, tx, call)`; nameko calls it through a wrapper that the bus hands
a whole group of calls, so one service instance, one transaction and one reply message can serve many callers.
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

from nameko.extensions import register_entrypoint

from shared_components.bus.server.event_batch import one_by_one, run_events
from shared_components.bus.server.event_consumer import EventHandler
from shared_components.bus.server.rpc_batch import run_calls
from shared_components.bus.server.rpc_consumer import RpcMethod
from shared_components.bus.server.timer import Every
from shared_components.contracts.base import Message
from shared_components.contracts.deprecation import Deprecation
from shared_components.contracts.paging import page_errors
from shared_components.contracts.registry import CONTRACT_ATTRIBUTE, DocumentContract, MethodContract
from shared_components.kernel.errors import AppError
from shared_components.kernel.load_classes import ORDINARY, LoadClass
from shared_components.kernel.method_rules import Way, method_rule

Handler = TypeVar("Handler", bound=Callable[..., Any])
SUBSCRIPTION_ATTRIBUTE = "__zhongtai_subscription__"


def rpc_method(
    *,
    request: type[Message],
    reply: type[Message],
    basis: Collection[Way],
    resource: str,
    about: Collection[str],
    roles: Collection[str],
    level: int,
    as_subject: bool,
    discloses: bool,
    composable: bool,
    errors: Sequence[type[AppError]] = (),
    callers: Sequence[str] = (),
    mutating: bool = False,
    bulk: bool = False,
    own_transactions: bool = False,
    secret_reply: bool = False,
    public: bool = False,
    document: DocumentContract | None = None,
    deprecated: Deprecation | None = None,
    load_class: LoadClass = ORDINARY,
    zh: str = "",
) -> Callable[[Handler], Handler]:
    """Offer a method on the bus.

    request, reply: schemas; what comes in is loaded and what goes out is dumped with them.
    errors: the codes it may answer with, beside the bus's own.
    callers: who may call it: service names, `service` (any of them), `app` (any application), `operator`.
        Nobody else may.
    mutating: each call has an operation id; effect, operation record and events are one commit.
    bulk: the handler takes and gives lists: `(self, tx, calls) -> [reply | AppError, …]` in the same order.
    own_transactions: the handler talks to the outside and opens its own short transactions:
        `(self, transactions, call)`. With bulk it takes a list; when it raises, each call is tried by itself.
    secret_reply: the reply holds a secret, such as a new key. That the operation was done is kept, the reply is not: a
        repeated call gets bus.reply-not-kept.
    public: the gateway offers it over HTTP.
    document: the file in its reply, which the gateway then offers with GET too.
    deprecated: the method goes after a day; replies over HTTP say so, and a metric counts who still calls it.
    load_class: how much it matters in a peak: VITAL is never switched off, deferrable ones such as REPORTS first.
    basis, resource, about, roles, level, as_subject, discloses, composable: the method's rule, see MethodRule. Each is
        stated at each method: one that leaves a part out does not start.
    zh: what the method does, in Chinese; the docstring's first line says it in English.
    """
    def decorate(handler: Handler) -> Handler:
        contract = MethodContract(
            name=handler.__name__, request=request, reply=reply, errors=(*errors, *page_errors(request)),
            callers=tuple(callers), mutating=mutating, bulk=bulk, own_transactions=own_transactions,
            secret_reply=secret_reply, public=public,
            summary=_first_line(handler), summary_zh=zh, document=document, deprecated=deprecated,
            load_class=load_class,
            rule=method_rule(
                handler.__name__, basis=basis, resource=resource, about=about, roles=roles, level=level,
                as_subject=as_subject, discloses=discloses, composable=composable),
        )

        @functools.wraps(handler)
        def serve(service: Any, group: Any) -> Any:
            return run_calls(service, contract, handler, group)

        setattr(serve, CONTRACT_ATTRIBUTE, contract)
        register_entrypoint(serve, RpcMethod(contract))
        return serve  # type: ignore[return-value]

    return decorate


def on_event(
    source: str, *event_types: str, own_transactions: bool = False, ordered: bool = False, bulk: bool = False,
    idempotent: bool = False,
) -> Callable[[Handler], Handler]:
    """Handle events of a service: `(self, tx, event)`, once per event, in the transaction of its effect.

    event_types: one or more; all of them share the handler's queue, and `event.type` tells which one it is.
    own_transactions: `(self, transactions, event)`; the handler talks to the outside, may run twice for one event
    after a crash, and must bear it.
    ordered: one event at a time in the whole cluster, in the order of the queue; one that fails holds up the others
    until it succeeds or has failed too often.
    bulk: `(self, tx, events)`; the handler takes all that wait as a list. When it raises, halves find the event
    that it was. Not together with ordered, which is one by one.
    bulk and own_transactions: `(self, transactions, events)`; a few groups side by side, each of what waits.
    idempotent: what the handler writes is keyed by the event, so that a repetition changes nothing; it leaves no mark
    in the inbox. With bulk only.
    """
    if not event_types or len(set(event_types)) != len(event_types):
        raise ValueError(f"on_event('{source}', …) has the event types {list(event_types)}; one or more are allowed, "
                         "each once")
    if ordered and (bulk or own_transactions):
        raise ValueError("on_event is ordered and not alone; with ordered neither bulk nor own_transactions is allowed")

    if idempotent and not bulk:
        raise ValueError("on_event is idempotent and not bulk; idempotent is allowed with bulk only")

    def decorate(handler: Handler) -> Handler:
        take = handler if bulk or own_transactions else one_by_one(handler)

        @functools.wraps(handler)
        def serve(service: Any, group: Any) -> Any:
            return run_events(
                service, take, group, own_transactions=own_transactions, bulk=bulk, idempotent=idempotent)

        setattr(serve, SUBSCRIPTION_ATTRIBUTE, (source, event_types, ordered))
        register_entrypoint(serve, EventHandler(source, event_types, own_transactions, ordered, bulk))
        return serve  # type: ignore[return-value]

    return decorate


def every(seconds: float, *, lease_s: float | None = None) -> Callable[[Handler], Handler]:
    """Run `(self, transactions)` at an interval, one run at a time in the whole cluster.

    lease_s: how long a killed process holds up the others; None is twice the interval, at least 30. A run that takes
    longer may overlap with the next.
    """
    def decorate(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def serve(service: Any) -> Any:
            return handler(service, service.transactions)

        register_entrypoint(serve, Every(seconds, lease_s=lease_s))
        return serve  # type: ignore[return-value]

    return decorate


def _first_line(handler: Callable[..., Any]) -> str:
    lines = (handler.__doc__ or "").strip().splitlines()
    return lines[0].strip() if lines else ""
