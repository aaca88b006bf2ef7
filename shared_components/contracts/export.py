"""`contract.json`: what a service promises, as data that needs no Python to be read."""
from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from shared_components.contracts.documents import export_document
from shared_components.contracts.examples import Examples
from shared_components.contracts.json_schema import json_schema
from shared_components.contracts.registry import (
    EventContract,
    HandlerContract,
    MethodContract,
    ServiceContract,
    first_line,
)
from shared_components.kernel.errors import AppError
from shared_components.kernel.load_classes import ORDINARY

FORMAT = 1
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def export_contract(contract: ServiceContract) -> dict[str, Any]:
    """The contract as JSON-safe data.

    Left out is what only the service itself may know: whether a method is bulk, and who runs its transaction.
    """
    methods = [contract.methods[name] for name in sorted(contract.methods)]
    return {
        "format": FORMAT,
        "json_schema": DIALECT,
        "service": contract.service,
        "version": contract.version,
        "summary": contract.summary,
        "summary_zh": contract.summary_zh,
        "methods": {method.name: _method(method, contract.examples) for method in methods},
        "events": {f"{event.type}.v{event.version}": _event(event, contract.examples) for event in contract.events},
        "consumes": [f"{source}.{event_type}" for source, event_type in contract.consumes],
        "tickets": list(contract.tickets),
        "calls": list(contract.calls),
        "handlers": {handler.name: _handler(handler) for handler in contract.handlers},
        "errors": _errors(error for method in methods for error in method.errors),
    }


def contract_text(contract: ServiceContract) -> str:
    """The text of contract.json: the same for the same contract, whoever writes it and wherever."""
    return json.dumps(export_contract(contract), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _method(method: MethodContract, examples: Examples) -> dict[str, Any]:
    return {
        "summary": method.summary,
        "summary_zh": method.summary_zh,
        "request": json_schema(method.request, "input"),
        "reply": json_schema(method.reply, "output"),
        "errors": sorted({error.code for error in method.errors}),
        "callers": sorted(set(method.callers)),
        "mutating": method.mutating,
        "public": method.public,
        **({"rule": method.rule.exported()} if method.rule is not None else {}),
        **({"load_class": method.load_class.exported()} if method.load_class is not ORDINARY else {}),
        **({"secret_reply": True} if method.secret_reply else {}),
        **({"deprecated": method.deprecated.exported()} if method.deprecated is not None else {}),
        **({"example": dict(examples.of_method(method.name))} if examples.of_method(method.name) else {}),
        **({"document": export_document(method, method.document)} if method.document is not None else {}),
    }


def _event(event: EventContract, examples: Examples) -> dict[str, Any]:
    return {
        "type": event.type,
        "version": event.version,
        "summary": event.summary or first_line(event.data.__doc__),
        "summary_zh": event.summary_zh,
        "data": json_schema(event.data, "output"),
        **({"example": examples.events[event.type]} if event.type in examples.events else {}),
    }


def _handler(handler: HandlerContract) -> dict[str, Any]:
    events = [f"{handler.source}.{event_type}" for event_type in sorted(handler.event_types)]
    return {"events": events, "ordered": handler.ordered}


def _errors(errors: Iterable[type[AppError]]) -> dict[str, Any]:
    return {
        error.code: {"category": error.category, "http_status": error.http_status, "texts": dict(error.texts)}
        for error in errors
    }
