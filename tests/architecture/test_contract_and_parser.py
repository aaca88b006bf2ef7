"""The JSON Schema of a request and the parser accept the same: what the contract says is what is taken."""
from __future__ import annotations

import copy
import ipaddress
import random
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from marshmallow import Schema, ValidationError, fields, validate

from shared_components.bus.server.schema_instances import load_all, schema_of
from shared_components.contracts import Message
from shared_components.contracts.json_schema import json_schema
from shared_components.contracts.strict_fields import LooseField, strict
from shared_components.kernel.dates import parse_time
from shared_components.kernel.email_address import EmailAddressInvalid, parse_email_address
from shared_components.runtime.discovery import contract_of, service_names

METHODS = [
    pytest.param(method.request, id=f"{service}.{name}")
    for service in service_names() for name, method in contract_of(service).methods.items()
]
# What JSON Schema has no word for, or says in words of its own: such a refusal by the parser is right.
BEYOND_THE_SCHEMA = ("check_metadata", "check_division", "check_moment", "checked_url")


def _is_time(value: object) -> bool:
    return not isinstance(value, str) or bool(parse_time(value))


def _is_email(value: object) -> bool:
    return not isinstance(value, str) or bool(parse_email_address(value))


def _is_ip(value: object) -> bool:
    return not isinstance(value, str) or ("%" not in value and bool(ipaddress.ip_address(value)))


def _is_url(value: object) -> bool:
    return not isinstance(value, str) or bool(
        validate.URL(require_tld=False, schemes={"http", "https"})(value))


FORMATS = FormatChecker(["date"])
FORMATS.checks("date-time", raises=ValueError)(_is_time)
FORMATS.checks("email", raises=EmailAddressInvalid)(_is_email)
FORMATS.checks("ip", raises=ValueError)(_is_ip)
FORMATS.checks("url", raises=ValidationError)(_is_url)
VARIANTS: list[Any] = [
    None, True, False, 0, 1, -1, 50, 50.0, 50.7, 1e15, 2**63, -(2**63), "", " ", "a", "50", "50.7", "true", "on",
    "null",
    "2026-01-31", "20260131", "2026-W01-1", "2026-1-1", "2026-02-30", "2026-01-31\n", "2026-01-31 ", "0000-01-01",
    "9999-12-31", "10000-01-01", "２０２６-01-31", "2026-01-31T08:30:00Z", "2026-01-31T08:30:00",
    "2026-01-31 08:30:00Z",
    "2026-01-31T08:30Z", "20260131T083000Z", "2026-01-31T08:30:00+0800", "2026-01-31T08:30:00+08:00",
    "2026-01-31T24:00:00Z", "2026-01-31T08:30:00.123456789Z", "2026-01-31t08:30:00z", "0001-01-01T00:00:00+08:00",
    "9999-12-31T23:59:59-08:00", "2026-01-31T08:30:60Z", "2026-W05-6T08:30:00Z", "127.0.0.1", "::1", "fe80::1%eth0",
    "2130706433", "http://example.org/", "javascript:1", "CNY", "CNY\n", "zhang@example.org", [], {}, [None], [1],
    ["a"], {"a": 1}, {"a": None}, {"": 1}, {"a": 50.0}, {"a": 50.7}, {"a": True},
    {"x" * 70: "y"}, "x" * 100_001, ["x"] * 501,
]  # fmt: skip


def validator_of(request: type[Message]) -> Draft202012Validator:
    schema = json_schema(request, "input")
    return Draft202012Validator(_without_newline_end(schema), format_checker=FORMATS)


def _without_newline_end(schema: Any) -> Any:
    """`$` is the end in ECMA-262, which JSON Schema means; in Python it stands before a last line break too."""
    if isinstance(schema, Mapping):
        return {key: re.sub(r"\$$", r"\\Z", inner) if key == "pattern" else _without_newline_end(inner)
                for key, inner in schema.items()}
    return [_without_newline_end(inner) for inner in schema] if isinstance(schema, list) else schema


# a request that is right, made from the schema

def example(schema: Mapping[str, Any], chance: random.Random, *, full: bool) -> Any:
    if "enum" in schema:
        return chance.choice(schema["enum"])
    types = schema.get("type", "object")
    kind = types if isinstance(types, str) else next(one for one in types if one != "null")
    if kind == "object":
        needed = schema.get("required", ())
        return {name: example(inner, chance, full=full) for name, inner in schema.get("properties", {}).items()
                if full or name in needed}
    if kind == "array":
        return [example(schema.get("items", {}), chance, full=full) for _ in range(max(1, schema.get("minItems", 1)))]
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1)
    return {"boolean": True, "null": None}.get(kind, _text(schema))


def _text(schema: Mapping[str, Any]) -> str:
    texts = ["a", "2026-01-31", "2026-01-31T08:30:00Z", "127.0.0.1", "zhang@example.org", "https://example.org/a",
             "CNY", "330106", "11330000MB1234567R", "11330000MB1234567R001", "123e", "a" * 64]
    sized = [text.ljust(schema.get("minLength", 0), "a")[: schema.get("maxLength", 1000)] for text in texts]
    check = Draft202012Validator(dict(schema), format_checker=FORMATS)
    return next((text for text in sized if check.is_valid(text)), "a")


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in parts:
        yield from places(inner, (*path, key))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    result = copy.deepcopy(value)
    at = result
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = new
    return result


def requests(schema: dict[str, Any]) -> Iterator[Any]:
    chance = random.Random(1)
    whole = example(schema, chance, full=True)
    yield from (example(schema, chance, full=full) for full in (True, False))
    yield {**whole, "unknown": 1}
    for path in list(places(whole))[1:]:
        for variant in VARIANTS:
            yield changed(whole, path, variant)
        if isinstance(path[-1], str):
            without = copy.deepcopy(whole)
            at = without
            for key in path[:-1]:
                at = at[key]
            del at[path[-1]]
            yield without


def refusal(schema: Schema, value: Any) -> ValidationError | None:
    try:
        schema.load(value)
    except ValidationError as error:
        return error
    return None


def fast_refuses(request: type[Message], value: Any) -> bool:
    try:
        load_all(request, [value])
    except ValidationError:
        return True
    return False


def custom_rules(schema: Schema) -> set[str]:
    """Names of fields whose rules JSON Schema has no word for."""
    found = set()
    for name, field in schema.fields.items():
        rules = {getattr(validator, "__name__", type(validator).__name__) for validator in field.validators}
        found |= {field.data_key or name} if rules & set(BEYOND_THE_SCHEMA) else set()
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            found |= custom_rules(inner.schema)
    return found


@pytest.mark.parametrize("request_class", METHODS)
def test_the_contract_and_the_parsers_take_the_same_requests(request_class: type[Message]) -> None:
    validator, schema = validator_of(request_class), schema_of(request_class)
    custom, hooked = custom_rules(schema), any(schema._hooks.values())
    differ = []
    for value in requests(json_schema(request_class, "input")):
        allowed, refused = validator.is_valid(value), refusal(schema, value)
        if fast_refuses(request_class, value) != (refused is not None):
            differ.append(("fast", value))
        if allowed and refused is not None:
            named = set(refused.normalized_messages())
            if not (hooked or named <= custom):
                differ.append((refused.normalized_messages(), value))
        if not allowed and refused is None:
            wrong = next(validator.iter_errors(value))
            differ.append((f"laxer than the contract: {wrong.json_path} {wrong.message[:80]}", value))
    assert not differ, "\n".join(f"{why}: {str(value)[:300]}" for why, value in differ[:8])


def loose(schema: Schema, path: str = "") -> Iterator[str]:
    """Schemas within that are no messages: their fields would be loose."""
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        inner = inner.value_field if isinstance(inner, fields.Mapping) and inner.value_field else inner
        if isinstance(inner, fields.Nested):
            if not isinstance(inner.schema, Message):
                yield f"{path}{name}"
            yield from loose(inner.schema, f"{path}{name}.")


@pytest.mark.parametrize("request_class", METHODS)
def test_a_message_holds_messages_only(request_class: type[Message]) -> None:
    assert list(loose(request_class())) == []


@pytest.mark.parametrize("field", [
    fields.Decimal(), fields.Time(), fields.NaiveDateTime(), fields.DateTime(), fields.UUID(), fields.TimeDelta(),
    fields.List(fields.Decimal()), fields.Dict(values=fields.Time()), fields.Method(), fields.Function(),
])
def test_a_field_without_a_strict_kind_cannot_be_declared(field: Any) -> None:
    with pytest.raises(LooseField):
        type("Loose", (Message,), {"field": field})


@pytest.mark.parametrize("field", [
    fields.Integer(), fields.Float(), fields.Boolean(), fields.Date(), fields.AwareDateTime(), fields.IP()])
def test_a_field_of_marshmallow_becomes_strict_and_keeps_its_rules(field: Any) -> None:
    declared: Any = type("Declared", (Message,), {"field": field, "list": fields.List(field)})()
    inner = declared.fields["list"].inner
    for one in (declared.fields["field"], inner):
        assert type(one).__module__ == strict.__module__
        assert type(one).__name__ == type(field).__name__
