"""Dump without marshmallow's bookkeeping, with marshmallow's result: for each field the shortest way to its value."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import is_dataclass
from datetime import datetime
from functools import partial
from typing import Any

from marshmallow import Schema, fields, missing

from shared_components.contracts import strict_fields
from shared_components.contracts.base import has_hooks
from shared_components.contracts.fast_load import is_known

Write = Callable[[Any], Any]


def dumper(schema: Schema) -> Callable[[Iterable[Any]], list[Any]]:
    """A function that dumps a list of objects as `schema.dump(objects, many=True)` does."""
    write = _writer(schema)
    return lambda objects: [write(item) for item in objects]


def _writer(schema: Schema) -> Write:
    if has_hooks(schema) or schema.dict_class is not dict or _looks_elsewhere(schema):
        return lambda item: schema.dump(item, many=False)
    parts = [(name, _field_writer(field)) for name, field in schema.dump_fields.items()]

    def write(item: Any) -> Any:
        if type(item) is dict:
            read = item.get
        elif _is_view(item):
            read = partial(getattr, item)
        else:
            return schema.dump(item, many=False)
        result = {}
        for name, write_value in parts:
            value = read(name, missing)
            if value is missing:
                return schema.dump(item, many=False)  # defaults, and a dict's own attributes
            result[name] = write_value(value)
        return result

    return write


def _is_view(item: Any) -> bool:
    """Whether marshmallow reads the item's attributes, and no more than them."""
    return is_dataclass(type(item)) and not hasattr(item, "__getitem__")


def _looks_elsewhere(schema: Schema) -> bool:
    return type(schema).get_attribute is not Schema.get_attribute or any(
        field.data_key is not None or field.attribute is not None or "." in name or not field._CHECK_ATTRIBUTE
        or not is_known(field)
        for name, field in schema.dump_fields.items()
    )


def _field_writer(field: fields.Field[Any]) -> Write:
    make = _MAKERS.get(type(field))
    return _by_marshmallow(field) if make is None else make(field)


def _by_marshmallow(field: fields.Field[Any]) -> Write:
    return lambda value: field._serialize(value, None, None)


def _unchanged(*kinds: type) -> Callable[[Any], Write]:
    """Values of exactly these types, and None, are their own dump."""
    same = frozenset(kinds) | {type(None)}

    def make(field: fields.Field[Any]) -> Write:
        serialize = field._serialize
        return lambda value: value if type(value) in same else serialize(value, None, None)

    return make


def _integer(field: fields.Integer) -> Write:
    return _by_marshmallow(field) if field.as_string else _unchanged(int)(field)


def _dict(field: fields.Dict) -> Write:
    slow = _by_marshmallow(field)
    return lambda value: {} if type(value) is dict and not value else slow(value)


def _list(field: fields.List[Any]) -> Write:
    write, slow = _field_writer(field.inner), _by_marshmallow(field)
    return lambda value: [write(part) for part in value] if type(value) in (list, tuple) else slow(value)


def _nested(field: fields.Nested) -> Write:
    slow = _by_marshmallow(field)
    if field.many or field.schema.many:
        return slow
    made: list[Write] = []  # at its first use: schemas may nest themselves

    def write(value: Any) -> Any:
        if type(value) is not dict and not _is_view(value):
            return slow(value)
        if not made:
            made.append(_writer(field.schema))
        return made[0](value)

    return write


def _time(field: fields.DateTime) -> Write:
    slow = _by_marshmallow(field)
    if (field.format or field.DEFAULT_FORMAT) != "iso":
        return slow
    return lambda value: value.isoformat() if type(value) is datetime else slow(value)


_MAKERS: Mapping[type, Callable[[Any], Write]] = {
    fields.String: _unchanged(str), fields.Url: _unchanged(str), fields.Integer: _integer,
    fields.Dict: _dict, fields.List: _list, fields.Nested: _nested, fields.AwareDateTime: _time,
    strict_fields.Integer: _integer, strict_fields.AwareDateTime: _time,
}  # fmt: skip
