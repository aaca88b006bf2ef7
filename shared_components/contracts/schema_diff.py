"""Changes of one JSON Schema, seen by who sends (input) or by who reads (output).

Of an input, everything that was accepted must stay accepted. Of an output, everything that can come must have been
possible before, and what was there must stay there; it may gain properties, which readers ignore.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shared_components.contracts.deprecation import UNTIL, may_go
from shared_components.contracts.findings import ABSENT, Finding, breaks, note
from shared_components.contracts.json_schema import CHINESE, OBJECT_SIZES
from shared_components.contracts.patterns import json_pattern

Schema = Mapping[str, Any]

LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
FORMS = ("pattern", "multipleOf", "uniqueItems")
WHOLE = ("anyOf", "oneOf", "allOf", "not", "if", "then", "else", "prefixItems", "$ref")
_WORDS = ("title", "description", CHINESE, "examples", "x-data-class", "default", "deprecated", UNTIL)


def input_changes(where: str, old: Schema, new: Schema) -> Iterator[Finding]:
    """Compare two schemas of a request, as their senders see them."""
    yield from _types(where, old, new, "callers that send the old type are refused", widening=False)
    yield from _choices(where, old, new, "callers that send a removed value are refused", widening=False)
    yield from _bounds(where, old, new)
    for key in (*FORMS, "format"):
        was, now = _form(old, key), _form(new, key)
        if was == now:
            continue
        # Whether one pattern takes all that another takes is not decidable here, so a new one counts as narrower.
        if now is None:
            yield note(f"{where} {key}", was, ABSENT)
        else:
            yield breaks(f"{where} {key}", _or_absent(was), now, "callers whose value does not fit it are refused")
    yield from _input_properties(where, old, new)
    yield from _inner(where, old, new, input_changes)
    yield from _words(where, old, new)


def output_changes(where: str, old: Schema, new: Schema) -> Iterator[Finding]:
    """Compare two schemas of a reply or event, as their readers see them."""
    yield from _types(where, old, new, "readers get a type that they do not know", widening=True)
    yield from _choices(where, old, new, "readers get a value that they do not know", widening=True)
    for key in (*LOWER_BOUNDS, *UPPER_BOUNDS, *FORMS):
        if old.get(key) != new.get(key):
            yield note(f"{where} {key}", _or_absent(old.get(key)), _or_absent(new.get(key)))
    if old.get("format") not in (None, new.get("format")):
        why = "readers that parse the old format fail"
        yield breaks(f"{where} format", old["format"], _or_absent(new.get("format")), why)
    yield from _output_properties(where, old, new)
    yield from _inner(where, old, new, output_changes)
    yield from _words(where, old, new)


def _types(where: str, old: Schema, new: Schema, why: str, *, widening: bool) -> Iterator[Finding]:
    was, now = _type_set(old), _type_set(new)
    if was == now:
        return
    wide, narrow = (was, now) if widening else (now, was)
    fits = wide is None or (narrow is not None and all(
        kind in wide or (kind == "integer" and "number" in wide) for kind in narrow
    ))
    if fits:
        yield note(f"{where} type", _any(was), _any(now))
    else:
        yield breaks(f"{where} type", _any(was), _any(now), why)


def _choices(where: str, old: Schema, new: Schema, why: str, *, widening: bool) -> Iterator[Finding]:
    was, now = _choice_set(old), _choice_set(new)
    if was == now:
        return
    wide, narrow = (was, now) if widening else (now, was)
    if wide is None or (narrow is not None and narrow <= wide):
        yield note(f"{where} enum", _any(was), _any(now))
    else:
        yield breaks(f"{where} enum", _any(was), _any(now), why)


def _bounds(where: str, old: Schema, new: Schema) -> Iterator[Finding]:
    old, new = _sized(old), _sized(new)
    for key in (*LOWER_BOUNDS, *UPPER_BOUNDS):
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        stricter = now is not None and (was is None or (now > was if key in LOWER_BOUNDS else now < was))
        if stricter:
            why = "callers whose value is outside it are refused"
            yield breaks(f"{where} {key}", _or_absent(was), now, why)
        else:
            yield note(f"{where} {key}", _or_absent(was), _or_absent(now))


def _sized(schema: Schema) -> Schema:
    """Contracts that were released before objects had sizes of their own call them lengths."""
    if "object" not in (_type_set(schema) or ()):
        return schema
    sizes = {size: schema[length] for size, length in OBJECT_SIZES.items() if length in schema}
    return {key: value for key, value in schema.items() if key not in OBJECT_SIZES.values()} | sizes


def _input_properties(where: str, old: Schema, new: Schema) -> Iterator[Finding]:
    was, now = old.get("properties", {}), new.get("properties", {})
    required, was_required = set(new.get("required", ())), set(old.get("required", ()))
    closed = new.get("additionalProperties") is False
    for name in sorted(set(was) | set(now) | required):
        place = f"{where}.{name}"
        if name in was and name not in now and may_go(was[name].get(UNTIL)):
            yield note(place, f"deprecated until {was[name][UNTIL]}", "removed")
        elif name in was and name not in now and closed:
            yield breaks(place, "accepted", "removed", "callers that send it are refused")
        elif name in required and name not in was_required:
            before = "optional" if name in was else ABSENT
            yield breaks(place, before, "required", "callers that do not send it are refused")
        elif name in now and name not in was:
            yield note(place, ABSENT, "optional")
        elif name in was_required and name not in required:
            yield note(place, "required", "optional")
    if closed and old.get("additionalProperties", True) is not False:
        yield breaks(f"{where} additionalProperties", "allowed", "refused", "callers that send others are refused")


def _output_properties(where: str, old: Schema, new: Schema) -> Iterator[Finding]:
    was, now = old.get("properties", {}), new.get("properties", {})
    required, was_required = set(new.get("required", ())), set(old.get("required", ()))
    for name in sorted(set(was) | set(now)):
        place = f"{where}.{name}"
        if name not in now and may_go(was[name].get(UNTIL)):
            yield note(place, f"deprecated until {was[name][UNTIL]}", "removed")
        elif name not in now:
            yield breaks(place, "present", "removed", "readers that use it find nothing")
        elif name not in was:
            yield note(place, ABSENT, "present")
        elif name in was_required and name not in required:
            yield breaks(place, "always present", "optional", "readers that rely on it find nothing")


def _inner(where: str, old: Schema, new: Schema, changes: Any) -> Iterator[Finding]:
    """The schemas inside: of properties, of items, of values; and those that are compared as a whole."""
    for name, was in old.get("properties", {}).items():
        now = new.get("properties", {}).get(name)
        if now is not None:
            yield from changes(f"{where}.{name}", was, now)
    for key, sign in (("items", "[]"), ("additionalProperties", "{}")):
        was, now = old.get(key), new.get(key)
        if isinstance(was, Mapping) or isinstance(now, Mapping):
            yield from changes(where + sign, _schema(was), _schema(now))
    for key in WHOLE:
        if old.get(key) != new.get(key):
            yield breaks(f"{where} {key}", _or_absent(old.get(key)), _or_absent(new.get(key)),
                         "that the new one fits the old one cannot be shown")


def _words(where: str, old: Schema, new: Schema) -> Iterator[Finding]:
    for key in _WORDS:
        if old.get(key) != new.get(key):
            yield note(f"{where} {key}", _or_absent(old.get(key)), _or_absent(new.get(key)))


def _schema(value: Any) -> Schema:
    return value if isinstance(value, Mapping) else {}


def _type_set(schema: Schema) -> frozenset[str] | None:
    kind = schema.get("type")
    return None if kind is None else frozenset([kind] if isinstance(kind, str) else kind)


def _choice_set(schema: Schema) -> frozenset[str] | None:
    if "const" in schema:
        return frozenset([repr(schema["const"])])
    return frozenset(map(repr, schema["enum"])) if "enum" in schema else None


def _any(values: frozenset[str] | None) -> Any:
    return "any" if values is None else values


def _form(schema: Schema, key: str) -> Any:
    """Patterns are compared in one dialect: contracts of before wrote Python's."""
    value = schema.get(key)
    return json_pattern(value) if key == "pattern" and value is not None else value


def _or_absent(value: Any) -> Any:
    return ABSENT if value is None else value
