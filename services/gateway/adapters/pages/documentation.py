"""`/docs`: every method with its fields and errors, and a form to try it. Made from what OpenAPI is made from."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from services.gateway.adapters.html import Html, chinese, join, page, row, table, tag
from services.gateway.adapters.openapi import errors_by_status, request_example
from services.gateway.adapters.operations import Operation, Operations
from services.gateway.adapters.pages.examples import example
from services.gateway.adapters.words import Language, in_language, say, summary
from services.gateway.domain.apps import DEMO_KEY
from shared_components.contracts.documents import media_type
from shared_components.contracts.json_schema import json_schema
from shared_components.contracts.registry import DocumentContract

Schema = Mapping[str, Any]
DEEPEST = 4


FIELDS = ("field", "type", "required", "meaning", "limits")
# A reply has all of its fields.
REPLY_FIELDS = ("field", "type", "meaning", "limits")
ERRORS = ("code", "HTTP", "English", "中文")


def documentation(operations: Operations, *, demo: bool, language: Language = "en") -> Html:
    def told(text: str) -> str:
        return say(text, language)

    offered = [contract for contract in operations.contracts if operations.of(contract.service)]
    return page(
        "/docs", told("zhongtai: documentation"),
        tag("h1", told("Documentation")),
        tag("p", told("Every method is a POST with a JSON object, and answers 200 with one; an error is a "),
            tag("a", "Problem", href="/docs/errors"), told(". Where a reply holds a file, GET gives it as a file.")),
        tag("p", told("A method marked "), _badge(language), told(" takes an "), tag("code", "Idempotency-Key"),
            told(": asked again with the same key and body, it does nothing twice.")),
        tag("form", tag("label", told("App key for the forms below"), for_="key"), tag(
            "input", type="password", id="key", autocomplete="off", value=DEMO_KEY if demo else None),
            *([told("that of the demo app")] if demo else []), class_="key"),
        tag("nav", tag("dl", [_contents(operations, one.service) for one in offered], class_="contents"),
            aria_label=told("Methods")),
        *[_service(operations, one.service, summary(one, language), language) for one in offered],
        script=True, language=language,
    )


def _badge(language: Language) -> Html:
    return tag("span", say("changes", language), class_="badge change")


def _contents(operations: Operations, service: str) -> Html:
    links = [tag("a", operation.segment, href=f"#{operation.id}") for operation in operations.of(service).values()]
    return join([tag("dt", tag("a", tag("strong", service), href=f"#{service}")), tag("dd", links)])


def _service(operations: Operations, service: str, told: str, language: Language) -> Html:
    return tag(
        "section", tag("h2", service), tag("p", told),
        [_method(operation, language) for operation in operations.of(service).values()], id=service)


def _method(operation: Operation, language: Language) -> Html:
    contract = operation.contract
    request, reply = (
        in_language(json_schema(contract.request, "input"), language),
        in_language(json_schema(contract.reply, "output"), language))
    parts = {
        "Request": _fields(request, FIELDS, language), "Reply": _fields(reply, REPLY_FIELDS, language),
        **({"Example of a reply": tag("pre", tag("code", _json(operation.example["reply"])))}
           if "reply" in operation.example else {}),
        "Errors": _errors(operation, language), "Try it": _form(operation, language),
    }
    return tag(
        "article",
        tag("header", tag("h3", operation.segment), *([_badge(language)] if contract.mutating else []),
            tag("code", f"POST {operation.path}")),
        tag("p", summary(contract, language)),
        *[tag("details", tag("summary", say(head, language)), part) for head, part in parts.items()],
        *([_file(operation, contract.document, request, language)] if contract.document is not None else []),
        id=operation.id)


def _file(operation: Operation, document: DocumentContract, request: Schema, language: Language) -> Html:
    place, path = document.place, str(operation.document_path)
    form = tag(
        "form", tag("label", place, for_=f"{operation.id}.{place}"), tag(
            "input", name="place", id=f"{operation.id}.{place}", autocomplete="off",
            value=str(example(request["properties"][place], place))),
        tag("button", say("Get the file", language), type="submit"), tag("output", "", aria_live="polite"),
        data_path=path, data_place=f"{{{place}}}")
    told = tag("p", f"{media_type(operation.contract, document)}, ", tag("code", document.reply_field), ": ",
               tag("code", f"GET {path}"))
    return tag("details", tag("summary", say("As a file", language)), told, form)


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _form(operation: Operation, language: Language) -> Html:
    text = _json(request_example(operation))
    label = f"JSON for {operation.id}"
    return tag(
        "form", tag("textarea", text, name="body", rows=str(min(16, text.count("\n") + 2)), spellcheck="false",
                    aria_label=label),
        tag("button", say("Send", language), type="submit"), tag("output", "", aria_live="polite"),
        data_path=operation.path, data_changes="yes" if operation.contract.mutating else "no")


def _fields(schema: Schema, heads: Sequence[str], language: Language) -> Html:
    told = [say(head, language) for head in heads]
    rows = [row(told, *cells) for cells in _rows(schema, heads, "", DEEPEST, language)]
    return table(told, rows) if rows else tag("p", say("No fields.", language))


def _rows(
    schema: Schema, heads: Sequence[str], prefix: str, depth: int, language: Language,
) -> Iterator[list[str]]:
    required = set(schema.get("required", ()))
    for name, inner in schema.get("properties", {}).items():
        data_class = inner.get("x-data-class")
        cells: dict[str, str] = {
            "field": tag("code", prefix + name), "type": _type(inner),
            "required": say("yes", language) if name in required else "", "meaning": inner.get("description", ""),
            "limits": "; ".join([
                *_limits(inner, language), *([say(f"{data_class} data", language)] if data_class else [])])}
        yield [cells[head] for head in heads]
        if depth > 1:
            items = inner.get("items")
            below = items if isinstance(items, Mapping) else inner
            yield from _rows(below, heads, f"{prefix}{name}{'[]' if items else ''}.", depth - 1, language)


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


def _errors(operation: Operation, language: Language) -> Html:
    rows = [
        row(ERRORS, tag("a", tag("code", kind.code), href=f"/docs/errors#{kind.code}"), str(status),
            kind.texts.get("en", ""), chinese(kind.texts.get("zh", "")))
        for status, kinds in errors_by_status(operation).items() for kind in kinds
    ]
    general = tag("p", say("Besides, every method may answer with an error of the ", language), tag(
        "a", say("platform's own", language), href="/docs/errors"), say(".", language))
    return join([*([table(ERRORS, rows)] if rows else []), general])
