"""AsyncAPI 3.0 of every event, made from the same contracts as everything else.

Source: https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from services.gateway.adapters.texts import in_language, say
from shared_components.bus.amqp.names import EVENT_CONTENT_TYPE, event_exchange
from shared_components.contracts.json_schema import json_schema
from shared_components.contracts.registry import EventContract, ServiceContract, first_line
from shared_components.kernel.languages import Language

ENVELOPE: Mapping[str, Mapping[str, Any]] = {
    "id": {"type": "string"}, "type": {"type": "string"}, "version": {"type": "integer"},
    "source": {"type": "string"}, "occurred_at": {"type": "string", "format": "date-time"},
    "aggregate": {"type": "string"}, "sequence": {"type": "integer"}, "tenant": {"type": "string"},
}
"""Fields of an event around its data, see docs/wire-format.md."""


def asyncapi(contracts: Iterable[ServiceContract], language: Language = "en") -> dict[str, Any]:
    """The document as JSON-safe data, its texts in one language."""
    publishing = sorted((one for one in contracts if one.events), key=lambda one: one.service)
    messages = {f"{contract.service}.{_key(event)}": _message(contract, event, language)
                for contract in publishing for event in contract.events}
    version = "+".join(["1", *(f"{one.service}.{one.version}" for one in publishing)])
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "zhongtai", "version": version, "description": say("Events of all services.", language),
                 "license": {"name": "Apache-2.0"}},
        "defaultContentType": EVENT_CONTENT_TYPE,
        "channels": dict(_channels(publishing)),
        "operations": dict(_operations(publishing, language)),
        "components": {"messages": messages},
    }


def event_summary(event: EventContract, language: Language) -> str:
    """The summary of an event; English where there is no Chinese."""
    return (event.summary_zh if language == "zh" else "") or event.summary or first_line(event.data.__doc__)


def _channels(contracts: Iterable[ServiceContract]) -> Iterator[tuple[str, dict[str, Any]]]:
    for contract in contracts:
        for kind in dict.fromkeys(event.type for event in contract.events):
            of_kind = [event for event in contract.events if event.type == kind]
            yield f"{contract.service}.{kind}", {
                "address": kind,
                "messages": {_key(event): {"$ref": f"#/components/messages/{contract.service}.{_key(event)}"}
                             for event in of_kind},
                "bindings": {"amqp": {"is": "routingKey", "bindingVersion": "0.3.0", "exchange": {
                    "name": event_exchange(contract.service), "type": "topic", "durable": True, "autoDelete": False}}},
            }


def _operations(contracts: Iterable[ServiceContract], language: Language) -> Iterator[tuple[str, dict[str, Any]]]:
    for contract in contracts:
        for event in contract.events:
            name = f"{contract.service}.{event.type}"
            yield name, {"action": "send", "channel": {"$ref": f"#/channels/{name}"},
                         "summary": event_summary(event, language), "tags": [{"name": contract.service}]}


def _message(contract: ServiceContract, event: EventContract, language: Language) -> dict[str, Any]:
    data = in_language(json_schema(event.data, "output"), language)
    fixed: dict[str, dict[str, Any]] = {
        "type": {"const": event.type}, "version": {"const": event.version}, "source": {"const": contract.service}}
    fields = {name: {**schema, **fixed.get(name, {})} for name, schema in ENVELOPE.items()}
    example = contract.examples.events.get(event.type)
    return {
        "name": event.type, "title": f"{contract.service} {event.type} v{event.version}",
        "summary": event_summary(event, language), "contentType": EVENT_CONTENT_TYPE,
        "payload": {"type": "object", "required": [*ENVELOPE, "data"], "properties": {**fields, "data": data}},
        **({} if example is None else {"examples": [
            {"name": event.type, "payload": _whole(contract, event, example)}]}),
    }


def _whole(contract: ServiceContract, event: EventContract, data: Any) -> dict[str, Any]:
    """A synthetic event around the example of its data."""
    return {
        "id": "evt_01HZX3T8R6V7M2N4K5P9Q0W1E5", "type": event.type, "version": event.version,
        "source": contract.service, "occurred_at": "2026-01-01T00:00:00+00:00", "aggregate": "example", "sequence": 1,
        "tenant": "default", "data": data}


def _key(event: EventContract) -> str:
    return f"{event.type}.v{event.version}"
