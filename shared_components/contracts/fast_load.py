"""Load what is plainly valid without marshmallow's bookkeeping; whatever is not, marshmallow itself judges.

A reader is built once from a schema's own fields. It takes a value only when it is sure of marshmallow's result, and
gives up on anything else: also a wrong value is then refused by marshmallow, in marshmallow's words.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, missing, validate

from shared_components.contracts import strict_fields
from shared_components.contracts.base import Message, command_of, has_hooks, rules_of

Read = Callable[[Any], Any]


class GaveUp(Exception):
    """Not a judgement: only that this value is marshmallow's to judge."""


def loader(schema: Schema) -> Callable[[Sequence[Mapping[str, Any]]], list[Any]]:
    """A function that loads a list of items as `schema.load(items, many=True)` does, errors included."""
    read = _reader(schema)

    def load(items: Sequence[Mapping[str, Any]]) -> list[Any]:
        try:
            return [read(item) for item in items]
        except (GaveUp, ValidationError):
            loaded: list[Any] = schema.load(items, many=True)
            return loaded

    return load


def _reader(schema: Schema) -> Read:
    if not _is_plain(schema):
        return _give_up
    parts = [(name, *_part(field)) for name, field in schema.load_fields.items()]
    refuses_unknown = schema.unknown == RAISE
    rules = rules_of(schema)

    def read(data: Any) -> Any:
        if type(data) is not dict:
            raise GaveUp
        result = {}
        known = 0
        for name, read_value, default in parts:
            value = data.get(name, missing)
            if value is not missing:
                result[name] = read_value(value)
                known += 1
            elif default is GaveUp:
                raise GaveUp
            elif default is not missing:
                result[name] = default() if callable(default) else default
        if refuses_unknown and known != len(data):
            raise GaveUp  # there is a field that the schema has not
        for rule in rules:
            if rule.errors(result):
                raise GaveUp
        return result

    command = command_of(schema)
    return read if command is None else lambda data: command(**read(data))


def _is_plain(schema: Schema) -> bool:
    """Without hooks and renamed fields, keeping nothing that it does not know: as the messages of the bus are."""
    return (
        not has_hooks(schema) and schema.unknown in (RAISE, EXCLUDE) and not schema.partial
        and schema.dict_class is dict and type(schema)._deserialize is Schema._deserialize
        and type(schema).load in (Schema.load, Message.load)
        and all(field.data_key is None and field.attribute is None and "." not in name and is_known(field)
                for name, field in schema.load_fields.items())
    )  # fmt: skip


def is_known(field: fields.Field[Any]) -> bool:
    """Whether it is a field whose value depends on nothing but what it is given."""
    ours = type(field).__module__ in (fields.__name__, strict_fields.__name__)
    return ours and not isinstance(field, fields.Method | fields.Function)


def _give_up(data: Any) -> Any:
    raise GaveUp


def _part(field: fields.Field[Any]) -> tuple[Read, Any]:
    return _field_reader(field), GaveUp if field.required else field.load_default


def _field_reader(field: fields.Field[Any]) -> Read:
    make = _MAKERS.get(type(field))
    if make is None or field.pre_load or field.post_load:
        return _by_marshmallow(field)
    read = _checked(make(field), field.validators)
    if not field.allow_none:
        return read
    return lambda value: None if value is None else read(value)


def _by_marshmallow(field: fields.Field[Any]) -> Read:
    return lambda value: field.deserialize(value)


def _checked(read: Read, validators: Sequence[Any]) -> Read:
    for validator in validators:
        read = _check(read, validator)
    return read


def _check(read: Read, validator: Any) -> Read:
    if type(validator) is validate.Length and validator.equal is None:
        return _between(read, len, validator.min, validator.max)
    if type(validator) is validate.Range and validator.min_inclusive and validator.max_inclusive:
        return _between(read, None, validator.min, validator.max)

    def checked(value: Any) -> Any:
        result = read(value)
        validator(result)
        return result

    return checked


def _between(read: Read, measure: Callable[[Any], Any] | None, low: Any, high: Any) -> Read:
    def checked(value: Any) -> Any:
        result = read(value)
        size = result if measure is None else measure(result)
        if (low is not None and size < low) or (high is not None and size > high):
            raise GaveUp
        return result

    return checked


def _exactly(kind: type[Any]) -> Callable[[Any], Read]:
    def read(value: Any) -> Any:
        if type(value) is kind:
            return value
        raise GaveUp

    return lambda field: read


def _boolean(field: fields.Boolean) -> Read:
    usual = field.truthy == fields.Boolean.truthy and field.falsy == fields.Boolean.falsy
    return _exactly(bool)(field) if usual else _by_marshmallow(field)


def _float(field: fields.Float) -> Read:
    def read(value: Any) -> float:
        if (type(value) is float and isfinite(value)) or (type(value) is int and abs(value) < 2**53):
            return float(value)
        raise GaveUp

    return read


def _dict(field: fields.Dict) -> Read:
    text_keys = type(field.key_field) is fields.String and not field.key_field.validators
    if not (field.key_field is None or text_keys):
        return _by_marshmallow(field)
    read_part = None if field.value_field is None else _field_reader(field.value_field)

    def read(value: Any) -> dict[Any, Any]:
        if type(value) is not dict or not all(type(key) is str for key in value):
            raise GaveUp
        return dict(value) if read_part is None else {key: read_part(part) for key, part in value.items()}

    return read


def _list(field: fields.List[Any]) -> Read:
    read_inner = _field_reader(field.inner)

    def read(value: Any) -> list[Any]:
        if type(value) is not list:
            raise GaveUp
        return [read_inner(part) for part in value]

    return read


def _nested(field: fields.Nested) -> Read:
    if field.unknown is not None or field.many or field.schema.many:
        return _by_marshmallow(field)
    # At its first use: schemas may nest themselves.
    made: list[Read] = []

    def read(value: Any) -> Any:
        if not made:
            made.append(_reader(field.schema))
        return made[0](value)

    return read


_MAKERS: Mapping[type, Callable[[Any], Read]] = {
    fields.String: _exactly(str), strict_fields.SubjectId: _exactly(str), fields.Url: _exactly(str),
    fields.Integer: _exactly(int), fields.Boolean: _boolean, fields.Float: _float, fields.Dict: _dict,
    fields.List: _list, fields.Nested: _nested, strict_fields.Integer: _exactly(int),
    strict_fields.Boolean: _exactly(bool), strict_fields.Float: _float,
}  # fmt: skip
