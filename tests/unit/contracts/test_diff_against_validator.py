"""The diff against an independent judge: a change it calls harmless must not turn a good message bad."""
from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from shared_components.contracts.schema_diff import input_changes, output_changes

VALUES = [None, True, 0, 1, 2, 3, 1.5, "", "a", "b", "abc", [], ["a"], ["abc", "b"]]
small = st.integers(0, 3)




numbers = st.fixed_dictionaries(
    {"type": st.sampled_from(["integer", "number", ["integer", "null"]])},
    optional={"minimum": small, "maximum": small, "exclusiveMinimum": small, "enum": st.lists(small, min_size=1)},
)
strings = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", ["string", "null"]])},
    optional={
        "minLength": small, "maxLength": small, "pattern": st.sampled_from(["^a", "b$"]),
        "enum": st.lists(st.sampled_from(["a", "b", "abc", None]), min_size=1, unique=True),
    },
)
leaves: st.SearchStrategy[Any] = st.one_of(
    numbers, strings, st.just({}), st.fixed_dictionaries({"const": st.sampled_from(["a", 1])}),
)
lists = st.fixed_dictionaries({"type": st.just("array")}, optional={"items": strings, "maxItems": small})


@st.composite
def objects(draw: st.DrawFn, *, closed: bool | None = None) -> dict[str, Any]:
    names = draw(st.sets(st.sampled_from("abc")))
    is_closed = draw(st.booleans()) if closed is None else closed
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: draw(st.one_of(leaves, lists)) for name in sorted(names)},
        "required": sorted(name for name in names if draw(st.booleans())),
    }
    return {**schema, "additionalProperties": False} if is_closed else schema


@st.composite
def pairs(draw: st.DrawFn, *, old_closed: bool | None, new_closed: bool | None) -> tuple[Any, Any]:
    """Two schemas: unrelated ones, or (which finds more) one and its small edit."""
    old = draw(objects(closed=old_closed))
    if not old["properties"] or draw(st.booleans()):
        return old, draw(objects(closed=new_closed))
    new = copy.deepcopy(old)
    edited = new["properties"][draw(st.sampled_from(sorted(new["properties"])))]
    keyword = draw(st.sampled_from(["minimum", "exclusiveMaximum", "minLength", "maxLength", "maxItems", "minItems"]))
    edited[keyword] = draw(small)
    return old, new


messages = st.dictionaries(st.sampled_from("abc"), st.sampled_from(VALUES))


@settings(max_examples=400, deadline=None)
@given(pairs(old_closed=True, new_closed=None), st.lists(messages, min_size=20, max_size=20))
def test_what_a_caller_may_send_stays_accepted(schemas: tuple[Any, Any], sent: list[Any]) -> None:
    old, new = schemas
    if any(finding.breaking for finding in input_changes("x", old, new)):
        return
    before, after = Draft202012Validator(old), Draft202012Validator(new)
    for message in sent:
        assert not before.is_valid(message) or after.is_valid(message), message


@settings(max_examples=400, deadline=None)
@given(pairs(old_closed=False, new_closed=False), st.lists(messages, min_size=20, max_size=20))
def test_what_a_reader_gets_has_the_old_fields_with_known_types_and_values(
    schemas: tuple[Any, Any], sent: list[Any],
) -> None:
    old, new = schemas
    if any(finding.breaking for finding in output_changes("x", old, new)):
        return
    after = Draft202012Validator(new)
    for message in filter(after.is_valid, sent):
        for name, schema in old["properties"].items():
            assert name in message or name not in old["required"]
            promised = {key: schema[key] for key in ("type", "enum", "const") if key in schema}
            assert name not in message or Draft202012Validator(promised).is_valid(message[name])


@settings(max_examples=200, deadline=None)
@given(objects())
def test_a_schema_does_not_differ_from_itself(schema: Any) -> None:
    assert list(input_changes("x", schema, schema)) == list(output_changes("x", schema, schema)) == []
