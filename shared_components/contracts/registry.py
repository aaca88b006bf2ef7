"""The declarations on a service class, read as one contract: the single source of docs, OpenAPI, stubs and metrics."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared_components.contracts.base import Message
from shared_components.contracts.deprecation import Deprecation
from shared_components.contracts.examples import Examples, read_examples
from shared_components.kernel.errors import AppError
from shared_components.kernel.load_classes import ORDINARY, LoadClass
from shared_components.kernel.method_rules import MethodRule

CONTRACT_ATTRIBUTE = "__zhongtai_method__"
SUBSCRIPTION_ATTRIBUTE = "__zhongtai_subscription__"
MessageClass = type[Message]


HTTP_PREFIX = "/v1"
"""Below which the gateway offers all methods and documents."""


@dataclass(frozen=True)
class DocumentContract:
    """A field of a reply that is a file. The gateway offers it with GET at an address of its own.

    path: below the service's; its one place is a field of the request: `receipts/{receipt_id}.pdf`.
    reply_field: holds it, in base64, or None where there is no file; its metadata `media_type` says what it holds.
    asking: what the request says besides the place.
    named_by: the reply's fields whose values make the file's name.
    """

    path: str
    reply_field: str
    asking: Mapping[str, Any] = field(default_factory=dict)
    named_by: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The request's field in the path."""
        return self.path.partition("{")[2].partition("}")[0]

    def address(self, service: str) -> str:
        """At the gateway, as a template: `/v1/payment/receipts/{receipt_id}.pdf`."""
        return f"{HTTP_PREFIX}/{service}/{self.path}"

    @property
    def extension(self) -> str:
        """`.pdf`"""
        return self.path.partition("}")[2]


@dataclass(frozen=True)
class MethodContract:
    """One RPC method.

    callers: names that may call it: services, `service` (any of them), `app` (any broker user `app-…`), `operator`.
    mutating: it takes an operation id, and its effect and reply are kept in one transaction.
    bulk: the handler takes and gives lists.
    secret_reply: its reply holds a secret; that it was done is kept, the reply is not.
    public: the gateway offers it over HTTP.
    document: the file in its reply.
    deprecated: until when it is there, and what replaces it; None: it stays.
    rule: who may use it for whose rows, and on which basis.
    load_class: how much it matters in a peak.
    summary, summary_zh: what it does, in both languages.
    """

    name: str
    request: type[Message]
    reply: type[Message]
    errors: tuple[type[AppError], ...] = ()
    callers: tuple[str, ...] = ()
    mutating: bool = False
    bulk: bool = False
    own_transactions: bool = False
    secret_reply: bool = False
    public: bool = False
    summary: str = ""
    summary_zh: str = ""
    document: DocumentContract | None = None
    rule: MethodRule | None = None
    deprecated: Deprecation | None = None
    load_class: LoadClass = ORDINARY


@dataclass(frozen=True)
class EventContract:
    """An event that a service publishes: its type (`order-paid`), the schema of its data, its version."""

    type: str
    data: MessageClass
    version: int = 1
    summary: str = ""
    summary_zh: str = ""


@dataclass(frozen=True)
class HandlerContract:
    """A handler of one service's events: deployment makes its queue, so that events wait there for its first start."""

    name: str
    source: str
    event_types: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class ServiceContract:
    """version: `major.minor`; a change that breaks a caller needs a new major, and 0 promises nothing yet.

    consumes: the events it handles, as (source service, event type); handlers: by what.
    tickets: the services whose tickets it takes as proof of a person. calls: the services that it calls.
    """

    service: str
    version: str
    methods: Mapping[str, MethodContract] = field(default_factory=dict)
    events: tuple[EventContract, ...] = ()
    consumes: tuple[tuple[str, str], ...] = ()
    handlers: tuple[HandlerContract, ...] = ()
    tickets: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    summary: str = ""
    summary_zh: str = ""
    examples: Examples = field(default_factory=Examples)


def service_contract(service_class: type[Any]) -> ServiceContract:
    """Read the contract off a service class: its `@rpc_method`s, `@on_event`s, `emits` and `contract_version`."""
    methods = {}
    handlers = []
    for name in dir(service_class):
        attribute = getattr(service_class, name, None)
        contract = getattr(attribute, CONTRACT_ATTRIBUTE, None)
        if contract is not None:
            methods[name] = contract
        subscription = getattr(attribute, SUBSCRIPTION_ATTRIBUTE, None)
        if subscription is not None:
            handlers.append(HandlerContract(name, *subscription))
    return ServiceContract(
        service=service_class.name,
        version=getattr(service_class, "contract_version", "1.0"),
        methods=methods,
        events=tuple(getattr(service_class, "emits", ())),
        consumes=tuple(sorted({
            (handler.source, event_type) for handler in handlers for event_type in handler.event_types})),
        handlers=tuple(handlers),
        tickets=tuple(sorted(getattr(service_class, "tickets", ()))),
        calls=tuple(sorted(getattr(service_class, "calls", ()))),
        summary=first_line(service_class.__doc__),
        summary_zh=getattr(service_class, "summary_zh", ""),
        examples=read_examples(service_class),
    )


def first_line(docstring: str | None) -> str:
    """A docstring's summary: its first line."""
    return (docstring or "").strip().split("\n", 1)[0].strip()
