"""A first request to try, made from a schema; what it gives is valid by that schema.

What a schema says itself (`examples`) comes first, then what the demonstration has under such a name, then anything.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator

Schema = Mapping[str, Any]

# Fields of the same name mean the same in every service. All persons are synthetic; `make run` has the codes.
_BY_NAME: Mapping[str, Any] = {
    "address": "someone@example.com", "amount_minor": 1000, "applicant_subject": "sub_0001", "body": "Dear ((name))",
    "case_id": "case_0001", "credit_code": "1133010600000030X3", "holder_subject": "sub_0001",
    "id_number": "33010619850615002X", "item_code": "driving-licence-card", "licence_id": "lic_0001",
    "matter_code": "driving-licence-renewal", "message_id": "msg_0001", "name": "林静", "order_id": "pay_0001",
    "payer_name": "林静", "purpose": "driving-licence-renewal", "reason": "paid twice", "recipient_subject": "sub_0001",
    "refund_available_minor": 1000, "refund_id": "ref_0001", "subject_id": "sub_0001",
    "template_code": "matter-accepted",
}
_BY_FORMAT = {
    "date": "2026-01-31", "date-time": "2026-01-31T08:00:00Z", "uri": "https://app.example/", "url":
    "https://app.example/", "email": "someone@example.com"}
_TEXTS = ("example", "A", "0", "13800000000")
_OF_NO_USE: Mapping[str, Any] = {"boolean": False, "object": {}, "null": None}


def example(schema: Schema, name: str = "") -> Any:
    """Required fields only: the rest has defaults."""
    for candidate in _candidates(schema, name):
        if Draft202012Validator(schema).is_valid(candidate):
            return candidate
    return None


def _candidates(schema: Schema, name: str) -> Iterator[Any]:
    yield from schema.get("examples", ())
    if "const" in schema:
        yield schema["const"]
    if name in _BY_NAME:
        yield _BY_NAME[name]
    yield from schema.get("enum", ())
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        needed = {*schema.get("required", ()), *_first_choice(schema)}
        yield {key: example(inner, key) for key, inner in schema.get("properties", {}).items() if key in needed}
    if kind == "array":
        items = schema.get("items")
        yield [example(items)] * max(1, schema.get("minItems", 1)) if isinstance(items, Mapping) and items else []
    yield from _numbers(schema) if kind in ("integer", "number") else _texts(schema)
    yield _OF_NO_USE.get(str(kind))


def _first_choice(schema: Schema) -> Iterator[str]:
    """The fields of the first of several ways to fill it in, and those that may be needed."""
    ways = [*schema.get("oneOf", ()), *schema.get("anyOf", ())][:1]
    for way in [*ways, *(one["then"] for one in (schema, *schema.get("allOf", ())) if "then" in one)]:
        yield from way.get("required", ())


def _numbers(schema: Schema) -> Iterator[Any]:
    yield 1
    for bound in ("minimum", "maximum", "exclusiveMinimum"):
        if bound in schema:
            yield int(schema[bound]) + (bound == "exclusiveMinimum")


def _texts(schema: Schema) -> Iterator[str]:
    if str(schema.get("format")) in _BY_FORMAT:
        yield _BY_FORMAT[str(schema["format"])]
    lengths = {schema.get("minLength", 0), *map(int, re.findall(r"\{(\d+)", str(schema.get("pattern", ""))))}
    for text in _TEXTS:
        yield text
        yield from (text[0] * length for length in sorted(lengths) if length)
