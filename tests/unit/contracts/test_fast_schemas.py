"""The short way of loading and dumping is marshmallow's way, for every message of every service."""
from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from shared_components.contracts import Message
from shared_components.contracts.fast_dump import dumper
from shared_components.contracts.fast_load import loader
from shared_components.contracts.rules import NeededWhen
from shared_components.kernel.errors import AppError
from shared_components.runtime.discovery import contract_of, service_names

ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 10**13), st.floats(), st.text(max_size=6), st.just([]), st.just({}),
    st.just([{}]), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2), st.just("2026-01-01T00:00:00Z"),
    st.just("https://app.example/x"), st.just(""),
)  # fmt: skip


@functools.cache
def messages() -> list[type[Schema]]:
    found: dict[str, type[Schema]] = {}
    for name in service_names():
        if name == "gateway":
            continue
        contract = contract_of(name)
        kinds = [kind for method in contract.methods.values() for kind in (method.request, method.reply)]
        for kind in [*kinds, *(event.data for event in contract.events)]:
            found[f"{kind.__module__}.{kind.__name__}"] = kind
    return list(found.values())


def fitting(field: Any) -> st.SearchStrategy[Any]:
    """Values of about the right kind, so that the short way is taken as often as not."""
    if isinstance(field, fields.List):
        return st.lists(fitting(field.inner), max_size=2)
    if isinstance(field, fields.Nested):
        return st.deferred(lambda: body(field.schema))
    if isinstance(field, fields.Integer):
        return st.integers(-1, 200)
    if isinstance(field, fields.Boolean):
        return st.booleans()
    if isinstance(field, fields.Float):
        return st.floats(-1, 100)
    if isinstance(field, fields.DateTime):
        return st.just("2026-01-01T00:00:00+08:00")
    if isinstance(field, fields.Dict):
        return st.dictionaries(st.text(max_size=2), st.integers(), max_size=2)
    chosen = [v.choices for v in field.validators if isinstance(v, validate.OneOf)]
    return st.sampled_from(list(chosen[0])) if chosen else st.text("ab1", min_size=1, max_size=12)


def body(schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
    required = {name: fitting(field) for name, field in schema.load_fields.items() if field.required}
    optional = {name: fitting(field) for name, field in schema.load_fields.items() if not field.required}
    usual = st.fixed_dictionaries(required, optional=optional)
    names = st.sampled_from([*schema.load_fields, "unknown"])
    return st.one_of(usual, usual, st.builds(lambda some, more: {**some, **more}, usual, st.dictionaries(
        names, ODD, min_size=1, max_size=1)))


def loaded(load: Any, items: Any) -> Any:
    try:
        return "loaded", repr(load(items))
    except ValidationError as error:
        return "refused", error.normalized_messages()
    except AppError as error:  # a schema's own typed error
        return "refused", error.code


@given(st.data())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_message_is_loaded_as_marshmallow_loads_it(data: st.DataObject) -> None:
    schema = data.draw(st.sampled_from(messages()))()
    items = data.draw(st.lists(body(schema), max_size=3))
    assert loaded(loader(schema), items) == loaded(functools.partial(schema.load, many=True), items)


@given(st.data())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_message_is_dumped_as_marshmallow_dumps_it(data: st.DataObject) -> None:
    schema = data.draw(st.sampled_from(messages()))()
    try:
        items = schema.load(data.draw(st.lists(body(schema), max_size=2)), many=True)
    except (ValidationError, AppError):
        return
    assert dumped(dumper(schema), items) == dumped(functools.partial(schema.dump, many=True), items)


def dumped(dump: Any, items: Any) -> Any:
    try:
        return dump(items)
    except TypeError as error:
        return str(error)  # a dict without `items` has a method of that name, and marshmallow takes it


class Numbers(Message):
    a = fields.Integer(required=True, validate=validate.Range(1, 9))
    b = fields.List(fields.Integer(), load_default=list, validate=validate.Length(max=2))


@pytest.mark.parametrize("wrong", [{"a": 0}, {"a": 10}, {"a": True}, {}, {"a": 1, "c": 2}, {"a": 1, "b": [1, 2, 3]}])
def test_a_wrong_message_is_refused_in_marshmallows_words(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as ours:
        loader(Numbers())([{"a": 1}, wrong])
    with pytest.raises(ValidationError) as theirs:
        Numbers().load([{"a": 1}, wrong], many=True)
    assert ours.value.normalized_messages() == theirs.value.normalized_messages()


def test_what_is_right_and_not_plain_is_left_to_marshmallow() -> None:
    assert loader(Numbers())([{"a": 7.0}]) == [{"a": 7, "b": []}]
    with pytest.raises(ValidationError):
        loader(Numbers())([{"a": "7"}])


def test_a_schema_with_rules_of_its_own_is_left_to_marshmallow() -> None:
    class Paired(Message):
        low = fields.Integer(required=True)
        high = fields.Integer(required=True)

        @validates_schema
        def _in_order(self, data: Any, **_: Any) -> None:
            if data["low"] > data["high"]:
                raise ValidationError("low is above high")

    with pytest.raises(ValidationError, match="low is above high"):
        loader(Paired())([{"low": 2, "high": 1}])


def test_a_schema_that_passes_over_what_it_does_not_know_keeps_nothing_of_it() -> None:
    assert loader(Numbers(unknown=EXCLUDE))([{"a": 1, "b": [2], "more": 3}]) == [{"a": 1, "b": [2]}]
    with pytest.raises(ValidationError):
        loader(Numbers())([{"a": 1, "b": [2], "more": 3}])


def test_a_dictionary_of_texts_is_read_without_marshmallow_and_refused_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    load = loader(Schema.from_dict({"texts": fields.Dict(keys=fields.String(), values=fields.String())})())
    with pytest.raises(ValidationError, match="Not a valid string"):
        load([{"texts": {"a": 1}}])
    monkeypatch.setattr(fields.Field, "deserialize", None)
    assert load([{"texts": {"a": "b"}}]) == [{"texts": {"a": "b"}}]


def test_plain_messages_never_enter_marshmallow(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = Numbers()
    load, dump = loader(schema), dumper(schema)
    monkeypatch.setattr(Schema, "_deserialize", None)
    monkeypatch.setattr(fields.Field, "deserialize", None)
    monkeypatch.setattr(fields.Field, "serialize", None)
    assert dump(load([{"a": 1, "b": [2]}])) == [{"a": 1, "b": [2]}]


@dataclass(frozen=True, slots=True)
class LineOfOrder:
    code: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    name: str
    first: LineOfOrder | None
    lines: Sequence[LineOfOrder] = field(default=())


class LineMessage(Message):
    command = LineOfOrder
    code = fields.String(required=True)
    count = fields.Integer()


class OrderMessage(Message):
    command = PlaceOrder
    rules: ClassVar = (NeededWhen("name", "long", needs="first"),)
    name = fields.String(required=True)
    first = fields.Nested(LineMessage, load_default=None, allow_none=True)
    lines = fields.List(fields.Nested(LineMessage))


ORDER = {"name": "a", "first": {"code": "x"}, "lines": [{"code": "y", "count": 2}]}
PLACED = PlaceOrder("a", LineOfOrder("x"), [LineOfOrder("y", 2)])


def test_a_message_with_a_command_loads_to_it_and_so_do_nested_ones() -> None:
    bare = {"name": "b"}
    wanted = [PLACED, PlaceOrder("b", None)]
    assert OrderMessage().load([ORDER, bare], many=True) == wanted
    assert OrderMessage(many=True).load([ORDER, bare]) == wanted
    assert loader(OrderMessage())([ORDER, bare]) == wanted
    assert OrderMessage().load(ORDER) == PLACED


def test_the_command_is_built_without_marshmallow(monkeypatch: pytest.MonkeyPatch) -> None:
    load = loader(OrderMessage())
    monkeypatch.setattr(Schema, "_deserialize", None)
    monkeypatch.setattr(fields.Field, "deserialize", None)
    assert load([ORDER]) == [PLACED]


def test_a_wrong_message_with_a_command_is_refused_and_builds_none() -> None:
    wrong = [{"name": "long"}, {"name": "a", "lines": [{"code": 1}]}, {**ORDER, "more": 1}]
    refusals = [loaded(loader(OrderMessage()), [one]) for one in wrong]
    assert [kind for kind, _ in refusals] == ["refused"] * 3
    assert refusals == [loaded(functools.partial(OrderMessage().load, many=True), [one]) for one in wrong]


def test_views_are_dumped_as_marshmallow_dumps_them_and_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    view = PlaceOrder("a", LineOfOrder("x"), (LineOfOrder("y", 2),))
    dump = dumper(OrderMessage())
    wanted = {"name": "a", "first": {"code": "x", "count": 1}, "lines": [{"code": "y", "count": 2}]}
    assert OrderMessage().dump(view) == wanted
    assert dump([PlaceOrder("b", None)]) == [{"name": "b", "first": None, "lines": []}]
    monkeypatch.setattr(Schema, "_serialize", None)
    monkeypatch.setattr(fields.Field, "serialize", None)
    assert dump([view]) == [wanted]


@dataclass(frozen=True)
class WithoutSlots:
    a: int


@dataclass(slots=True)
class NotFrozen:
    a: int


@dataclass(frozen=True, slots=True)
class Other:
    b: int = 0


@dataclass(frozen=True, slots=True)
class NeedsB:
    a: int
    b: int


@pytest.mark.parametrize(("command", "problem"), [
    (WithoutSlots, "frozen=True and slots=True"), (NotFrozen, "frozen=True and slots=True"), (dict, "only a dataclass"),
    (Other, r"does not have the fields \['a'\]; it has \['b'\]"), (NeedsB, r"needs \['b'\]"),
])
def test_a_command_that_the_message_cannot_build_is_refused_when_it_is_declared(
    command: type[Any], problem: str,
) -> None:
    with pytest.raises(TypeError, match=problem):
        type("Wrong", (Message,), {"command": command, "a": fields.Integer(required=True)})
