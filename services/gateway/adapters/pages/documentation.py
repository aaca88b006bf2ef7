"""`/docs`: every method with its fields and errors, and a form to try it. Made from what OpenAPI is made from."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from services.gateway.adapters.openapi import errors_by_status, request_example
from services.gateway.adapters.operations import Operation, Operations
from services.gateway.adapters.pages.examples import example
from services.gateway.adapters.texts import in_language, say, summary
from services.gateway.domain.apps import DEMO_KEY
from shared_components.contracts.documents import media_type
from shared_components.contracts.json_schema import json_schema
from shared_components.contracts.registry import DocumentContract
from shared_components.kernel.errors import AppError
from shared_components.kernel.languages import Language
from shared_components.pages.presentation import Presentation
from shared_components.pages.rendering import Pages

Schema = Mapping[str, Any]
DEEPEST = 4
MOST_LINES = 16


@dataclass(frozen=True, slots=True)
class FieldView:
    """name: with the names of the objects around the field: `lines[].quantity`."""

    name: str
    type: str
    required: bool
    meaning: str
    limits: str


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A file that the method's reply holds. path: with `place` in braces."""

    place: str
    example: str
    media_type: str
    reply_field: str
    path: str


@dataclass(frozen=True, slots=True)
class MethodView:
    """One method as the page shows it, in one language. errors: those the contract names, by status."""

    id: str
    segment: str
    path: str
    mutating: bool
    summary: str
    request: Sequence[FieldView]
    reply: Sequence[FieldView]
    request_example: str
    reply_example: str | None
    errors: Sequence[type[AppError]]
    document: DocumentView | None

    @property
    def request_lines(self) -> int:
        return min(MOST_LINES, self.request_example.count("\n") + 2)


@dataclass(frozen=True, slots=True)
class ServiceView:
    name: str
    summary: str
    methods: Sequence[MethodView]


def documentation(pages: Pages, operations: Operations, presentation: Presentation, *, demo: bool) -> str:
    """demo: whether the demo app's key works here."""
    language = presentation.language
    services = [
        ServiceView(contract.service, summary(contract, language), [_method(one, language) for one in offered.values()])
        for contract in operations.contracts if (offered := operations.of(contract.service))]
    return pages.render(
        "documentation.html", presentation, path="/docs", services=services, demo_key=DEMO_KEY if demo else None)


def _method(operation: Operation, language: Language) -> MethodView:
    contract = operation.contract
    request = in_language(json_schema(contract.request, "input"), language)
    reply = in_language(json_schema(contract.reply, "output"), language)
    return MethodView(
        operation.id, operation.segment, operation.path, contract.mutating, summary(contract, language),
        request=list(field_views(request, "", DEEPEST, language)),
        reply=list(field_views(reply, "", DEEPEST, language)),
        request_example=_json(request_example(operation)),
        reply_example=_json(operation.example["reply"]) if "reply" in operation.example else None,
        errors=[kind for kinds in errors_by_status(operation).values() for kind in kinds],
        document=_document(operation, contract.document, request) if contract.document is not None else None)


def _document(operation: Operation, document: DocumentContract, request: Schema) -> DocumentView:
    return DocumentView(
        document.place, str(example(request["properties"][document.place], document.place)),
        str(media_type(operation.contract, document)), document.reply_field, str(operation.document_path))


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def field_views(schema: Schema, prefix: str, depth: int, language: Language) -> Iterator[FieldView]:
    required = set(schema.get("required", ()))
    for name, inner in schema.get("properties", {}).items():
        data_class = inner.get("x-data-class")
        limits = [*_limits(inner, language), *([say(f"{data_class} data", language)] if data_class else [])]
        yield FieldView(
            prefix + name, _type(inner), name in required, inner.get("description", ""), "; ".join(limits))
        if depth > 1:
            items = inner.get("items")
            below = items if isinstance(items, Mapping) else inner
            yield from field_views(below, f"{prefix}{name}{'[]' if items else ''}.", depth - 1, language)


def _type(schema: Schema) -> str:
    kind = schema.get("type", "any")
    text = " or ".join(kind) if isinstance(kind, list) else str(kind)
    items = schema.get("items")
    text = f"{text} of {_type(items)}" if isinstance(items, Mapping) and items else text
    return f"{text} ({schema['format']})" if "format" in schema else text


_RANGES = (
    ("minLength", "maxLength", " characters"), ("minItems", "maxItems", " items"),
    ("minProperties", "maxProperties", " entries"), ("minimum", "maximum", ""),
)
_LIMITS = {
    "exclusiveMinimum": "more than {}", "exclusiveMaximum": "less than {}", "pattern": "like {}",
    "default": "default {}", "const": "always {}",
}


def _limits(schema: Schema, language: Language = "en") -> Iterator[str]:
    if "enum" in schema:
        yield say("one of {}", language).format(", ".join(_written(value) for value in schema["enum"]))
    for lowest, highest, unit in _RANGES:
        yield from _range(schema.get(lowest), schema.get(highest), unit, language)
    for key, text in _LIMITS.items():
        if schema.get(key) is not None:
            yield say(text, language).format(schema[key])


def _written(value: Any) -> str:
    """A string as it is, all else as JSON writes it."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _range(low: Any, high: Any, unit: str, language: Language) -> Iterator[str]:
    told = say(unit, language)
    if low is not None and high is not None:
        yield say("{low} to {high}{unit}", language).format(low=low, high=high, unit=told) if low != high else (
            f"{low}{told}")
    elif low is not None:
        yield say("at least {low}{unit}", language).format(low=low, unit=told)
    elif high is not None:
        yield say("at most {high}{unit}", language).format(high=high, unit=told)
