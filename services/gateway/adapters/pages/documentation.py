"""`/docs`: every method with its fields and errors, and a form to try it. Made from what OpenAPI is made from."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from services.gateway.adapters.html import Html, chinese, join, page, row, table, tag
from services.gateway.adapters.openapi import errors_by_status
from services.gateway.adapters.operations import Operation, Operations
from services.gateway.adapters.pages.examples import example
from services.gateway.domain.apps import DEMO_KEY
from shared_components.contracts.documents import media_type
from shared_components.contracts.json_schema import json_schema
from shared_components.contracts.registry import DocumentContract

Schema = Mapping[str, Any]
DEEPEST = 4


FIELDS = ("field", "type", "required", "limits")
# A reply has all of its fields.
REPLY_FIELDS = ("field", "type", "limits")
ERRORS = ("code", "HTTP", "English", "中文")


def documentation(operations: Operations, *, demo: bool) -> Html:
    offered = [contract for contract in operations.contracts if operations.of(contract.service)]
    return page(
        "/docs", "zhongtai: documentation",
        tag("h1", "Documentation"),
        tag("p", "Every method is a POST with a JSON object, and answers 200 with one; an error is a ",
            tag("a", "Problem", href="/docs/errors"), ". Where a reply holds a file, GET gives it as a file."),
        tag("p", "A method marked ", _badge(), " takes an ", tag("code", "Idempotency-Key"),
            ": asked again with the same key and body, it does nothing twice."),
        tag("form", tag("label", "App key for the forms below", for_="key"), tag(
            "input", type="password", id="key", autocomplete="off", value=DEMO_KEY if demo else None),
            *(["that of the demo app"] if demo else []), class_="key"),
        tag("nav", tag("dl", [_contents(operations, one.service) for one in offered], class_="contents"),
            aria_label="Methods"),
        *[_service(operations, one.service, one.summary) for one in offered],
        script=True,
    )


def _badge() -> Html:
    return tag("span", "changes", class_="badge change")


def _contents(operations: Operations, service: str) -> Html:
    links = [tag("a", operation.segment, href=f"#{operation.id}") for operation in operations.of(service).values()]
    return join([tag("dt", tag("a", tag("strong", service), href=f"#{service}")), tag("dd", links)])


def _service(operations: Operations, service: str, summary: str) -> Html:
    return tag(
        "section", tag("h2", service), tag("p", summary),
        [_method(operation) for operation in operations.of(service).values()], id=service)


def _method(operation: Operation) -> Html:
    contract = operation.contract
    request, reply = json_schema(contract.request, "input"), json_schema(contract.reply, "output")
    return tag(
        "article",
        tag("header", tag("h3", operation.segment), *([_badge()] if contract.mutating else []),
            tag("code", f"POST {operation.path}")),
        tag("p", contract.summary),
        tag("details", tag("summary", "Request"), _fields(request, FIELDS)),
        tag("details", tag("summary", "Reply"), _fields(reply, REPLY_FIELDS)),
        tag("details", tag("summary", "Errors"), _errors(operation)),
        tag("details", tag("summary", "Try it"), _form(operation, request)),
        *([_file(operation, contract.document, request)] if contract.document is not None else []),
        id=operation.id)


def _file(operation: Operation, document: DocumentContract, request: Schema) -> Html:
    place, path = document.place, str(operation.document_path)
    form = tag(
        "form", tag("label", place, for_=f"{operation.id}.{place}"), tag(
            "input", name="place", id=f"{operation.id}.{place}", autocomplete="off",
            value=str(example(request["properties"][place], place))),
        tag("button", "Get the file", type="submit"), tag("output", "", aria_live="polite"),
        data_path=path, data_place=f"{{{place}}}")
    told = tag("p", f"With GET, the {media_type(operation.contract, document)} in ", tag("code", document.reply_field),
               " as a file: ", tag("code", f"GET {path}"))
    return tag("details", tag("summary", "As a file"), told, form)


def _form(operation: Operation, request: Schema) -> Html:
    text = orjson.dumps(example(request), option=orjson.OPT_INDENT_2).decode()
    label = f"JSON for {operation.id}"
    return tag(
        "form", tag("textarea", text, name="body", rows=str(min(16, text.count("\n") + 2)), spellcheck="false",
                    aria_label=label),
        tag("button", "Send", type="submit"), tag("output", "", aria_live="polite"),
        data_path=operation.path, data_changes="yes" if operation.contract.mutating else "no")


def _fields(schema: Schema, heads: Sequence[str]) -> Html:
    rows = list(_rows(schema, heads, "", DEEPEST))
    return table(heads, rows) if rows else tag("p", "No fields.")


def _rows(schema: Schema, heads: Sequence[str], prefix: str, depth: int) -> Iterator[Html]:
    required = set(schema.get("required", ()))
    for name, inner in schema.get("properties", {}).items():
        data_class = inner.get("x-data-class")
        cells = {
            "field": tag("code", prefix + name), "type": _type(inner), "required": "yes" if name in required else "",
            "limits": "; ".join([*_limits(inner), *([f"{data_class} data"] if data_class else [])])}
        yield row(heads, *[cells[head] for head in heads])
        if depth > 1:
            items = inner.get("items")
            below = items if isinstance(items, Mapping) else inner
            yield from _rows(below, heads, f"{prefix}{name}{'[]' if items else ''}.", depth - 1)


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


def _limits(schema: Schema) -> Iterator[str]:
    if "enum" in schema:
        yield "one of " + ", ".join(_written(value) for value in schema["enum"])
    for lowest, highest, unit in _RANGES:
        yield from _range(schema.get(lowest), schema.get(highest), unit)
    for key, text in _LIMITS.items():
        if schema.get(key) is not None:
            yield text.format(schema[key])


def _written(value: Any) -> str:
    """A string as it is, all else as JSON writes it."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _range(low: Any, high: Any, unit: str) -> Iterator[str]:
    if low is not None and high is not None:
        yield f"{low} to {high}{unit}" if low != high else f"{low}{unit}"
    elif low is not None:
        yield f"at least {low}{unit}"
    elif high is not None:
        yield f"at most {high}{unit}"


def _errors(operation: Operation) -> Html:
    rows = [
        row(ERRORS, tag("a", tag("code", kind.code), href=f"/docs/errors#{kind.code}"), str(status),
            kind.texts.get("en", ""), chinese(kind.texts.get("zh", "")))
        for status, kinds in errors_by_status(operation).items() for kind in kinds
    ]
    general = tag("p", "Besides, every method may answer with an error of the ", tag(
        "a", "platform's own", href="/docs/errors"), ".")
    return join([*([table(ERRORS, rows)] if rows else []), general])
