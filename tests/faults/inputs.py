"""Inputs for a method, generated from its contract's JSON schema: such as fit, and such as nearly do."""
from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

Schema = Mapping[str, Any]
Strategy = st.SearchStrategy[Any]

# No lone surrogates: they are no JSON in UTF-8, which is another experiment's (R7).
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
TEXTS = [
    "", " ", "\n", "'", "' OR 1=1 --", "${jndi:ldap://x}", "{{7*7}}", "%s%n", "../../etc/passwd", "<script>", "\u202e",
    "\U0001f600", "A" * 300, "A" * 70_000, "null", "NaN", "-1", "1e400", "\ufeff", "\x7f", "a\u0000b", "é\u0301",
    "２０２６",
    "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "pay_01HZX3T8R6V7M2N4K5P9Q0W1E4",
]  # fmt: skip
NUMBERS: list[Any] = [0, -1, 2**31, 2**31 - 1, 2**53, 2**63 - 1, -(2**63), 1.5, 1e308, -0.0]
NASTY = [*TEXTS, *NUMBERS, None, True, [], {}, [[]], {"": {}}]
NASTY_TEXT, NASTY_NUMBER = st.sampled_from(TEXTS), st.sampled_from(NUMBERS)
DRAWN_ONE_IN = 4
LONGEST_CHARACTERS = 100_000
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT | NASTY_TEXT | NASTY_NUMBER,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=8,
)  # fmt: skip
FORMATS: Mapping[str, Strategy] = {
    "date-time": st.datetimes().map(lambda at: at.isoformat() + "Z"), "date": st.dates().map(str),
    "email": st.emails(), "uri": st.just("https://gov.example/x"), "uuid": st.uuids().map(str),
}  # fmt: skip


def examples(schema: Schema, count: int, seed_value: int) -> list[dict[str, Any]]:
    """So many request bodies: hypothesis makes some that fit and some that do not; the rest are made of these."""
    chance = random.Random(seed_value)
    drawn = _drawn(schema, max(1, count // DRAWN_ONE_IN), seed_value)
    return [drawn[number] if number < len(drawn) else _further(chance, drawn) for number in range(count)]


def _further(chance: random.Random, drawn: list[dict[str, Any]]) -> dict[str, Any]:
    """One of them with a part taken from anywhere in another, from the nasty ones, or left out."""
    body: dict[str, Any] = copy.deepcopy(chance.choice(drawn))
    target = body
    while isinstance(inner := target.get(chance.choice(sorted(target)) if target else ""), dict) and inner:
        target = inner
    name = chance.choice(sorted({*target, *chance.choice(drawn)}) or ["unknown"])
    other = chance.choice(drawn)
    part = other[chance.choice(sorted(other))] if other else None
    match chance.randrange(4):
        case 0:
            target.pop(name, None)
        case 1:
            target[name] = copy.deepcopy(part)
        case 2:
            target[name] = [copy.deepcopy(part)] * chance.randint(1, 5)
        case _:
            target[name] = chance.choice(NASTY)
    # A message over the bus's limit is buried unread: that is another experiment (R21).
    return body if len(str(body)) < LONGEST_CHARACTERS else chance.choice(drawn)


def _drawn(schema: Schema, count: int, seed_value: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    @seed(seed_value)
    @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(request(schema))
    def collect(body: dict[str, Any]) -> None:
        found.append(body)

    collect()
    return found[:count]


def request(schema: Schema) -> Strategy:
    fitting = fits(schema)
    return st.one_of(fitting, fitting.flatmap(mutated))


def fits(schema: Schema) -> Strategy:
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return st.one_of([_KINDS[kind](schema) for kind in kinds]) if kinds else ANYTHING


def _text(schema: Schema) -> Strategy:
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    if "pattern" in schema:
        try:
            return st.from_regex(re.compile(schema["pattern"]), fullmatch=False).map(lambda text: text.rstrip("\n"))
        except re.error:
            return TEXT
    least, most = schema.get("minLength", 0), schema.get("maxLength", 30)
    return st.text(st.characters(exclude_categories=["Cs"]), min_size=least, max_size=max(least, min(most, 30)))


def _object(schema: Schema) -> Strategy:
    properties, required = schema.get("properties", {}), set(schema.get("required", ()))
    if not properties:
        return st.dictionaries(TEXT, ANYTHING, max_size=3)
    return st.fixed_dictionaries(
        {name: fits(inner) for name, inner in properties.items() if name in required},
        optional={name: fits(inner) for name, inner in properties.items() if name not in required})  # fmt: skip


def _array(schema: Schema) -> Strategy:
    least = schema.get("minItems", 0)
    most = max(least, min(schema.get("maxItems", 4), 4))
    return st.lists(fits(schema.get("items", {})), min_size=least, max_size=most)


def _number(kind: Callable[..., Strategy]) -> Callable[[Schema], Strategy]:
    def numbers(schema: Schema) -> Strategy:
        least, most = schema.get("minimum", -(2**63)), schema.get("maximum", 2**63 - 1)
        return kind(least, most)

    return numbers


_KINDS: Mapping[str, Callable[[Schema], Strategy]] = {
    "string": _text, "object": _object, "array": _array, "boolean": lambda schema: st.booleans(),
    "null": lambda schema: st.none(), "integer": _number(st.integers), "number": _number(st.floats),
}  # fmt: skip


def mutated(body: Any) -> Strategy:
    """Something else in one place: a value of another kind, a part that is missing, or one too many."""
    if not isinstance(body, dict) or not body:
        return st.one_of(ANYTHING.map(lambda value: {"unknown": value}), st.just({}))
    return st.sampled_from(sorted(body)).flatmap(lambda name: _mutated_at(body, name))


def _mutated_at(body: dict[str, Any], name: str) -> Strategy:
    others = {key: value for key, value in body.items() if key != name}
    choices = [
        ANYTHING.map(lambda value: {**body, name: value}), NASTY_TEXT.map(lambda value: {**body, name: value}),
        st.just(others), ANYTHING.map(lambda value: {**body, f"{name}_": value}),
    ]  # fmt: skip
    inner = body[name]
    if isinstance(inner, dict):
        choices.append(mutated(inner).map(lambda value: {**body, name: value}))
    if isinstance(inner, list) and inner:
        choices.append(mutated(inner[0]).map(lambda value: {**body, name: [value, *inner[1:]]}))
    return st.one_of(choices)
