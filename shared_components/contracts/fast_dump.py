"""Dump without marshmallow's bookkeeping, with marshmallow's result: for each field the shortest way to its value."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date, datetime
from operator import attrgetter
from types import NoneType
from typing import Any

from marshmallow import Schema, fields

from shared_components.contracts import strict_fields
from shared_components.contracts.base import has_hooks
from shared_components.contracts.fast_load import is_known

Write = Callable[[Any], Any]
_VIEWS: dict[type, bool] = {}


def dumper(schema: Schema) -> Callable[[Iterable[Any]], list[Any]]:
    """A function that dumps a list of objects as `schema.dump(objects, many=True)` does."""
    write = _writer(schema)
    return lambda objects: [write(item) for item in objects]


def _writer(schema: Schema) -> Write:
    if has_hooks(schema) or schema.dict_class is not dict or _looks_elsewhere(schema):
        return lambda item: schema.dump(item, many=False)
    parts = [
        (name, _unchanged_types(field), _field_writer(field)) for name, field in schema.dump_fields.items()]
    values_of = _values_of([name for name, _, _ in parts])

    def write(item: Any) -> Any:
        kind = type(item)
        result = {}
        try:
            if kind is dict:
                for name, unchanged, write_value in parts:
                    value = item[name]
                    result[name] = value if type(value) in unchanged else write_value(value)
            elif _is_view(kind):
                for (name, unchanged, write_value), value in zip(parts, values_of(item)):  # noqa: B905 -- its price
                    result[name] = value if type(value) in unchanged else write_value(value)
            else:
                return schema.dump(item, many=False)
        except (KeyError, AttributeError):
            return schema.dump(item, many=False)  # defaults, and a dict's own attributes
        return result

    return write


def _values_of(names: Sequence[str]) -> Callable[[Any], Sequence[Any]]:
    """A function that reads the attributes of a view."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda item: [getattr(item, name) for name in names]


def _is_view(kind: type) -> bool:
    """Whether marshmallow reads attributes of such an object, and no more than them."""
    known = _VIEWS.get(kind)
    if known is None:
        known = _VIEWS[kind] = is_dataclass(kind) and not hasattr(kind, "__getitem__")
    return known


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


def _unchanged_types(field: fields.Field[Any]) -> frozenset[type]:
    """The types whose values marshmallow dumps as they are; a subclass may have a dump of its own."""
    if isinstance(field, fields.Integer) and field.as_string:
        return frozenset()
    return _UNCHANGED.get(type(field), frozenset())


def _dict(field: fields.Dict) -> Write:
    slow = _by_marshmallow(field)
    if field.value_field is not None or type(field.key_field) not in (NoneType, fields.String):
        return lambda value: {} if type(value) is dict and not value else slow(value)
    return lambda value: dict(value) if type(value) is dict and all(type(key) is str for key in value) else slow(value)


def _list(field: fields.List[Any]) -> Write:
    write, same, slow = _field_writer(field.inner), _unchanged_types(field.inner), _by_marshmallow(field)

    def write_all(value: Any) -> Any:
        if type(value) not in (list, tuple):
            return slow(value)
        return [part if type(part) in same else write(part) for part in value]

    return write_all


def _nested(field: fields.Nested) -> Write:
    slow = _by_marshmallow(field)
    if field.many or field.schema.many:
        return slow
    made: list[Write] = []  # at its first use: schemas may nest themselves

    def write(value: Any) -> Any:
        if type(value) is not dict and not _is_view(type(value)):
            return slow(value)
        if not made:
            made.append(_writer(field.schema))
        return made[0](value)

    return write


def _moment(kind: type[date]) -> Callable[[Any], Write]:
    """Times and days of exactly this type, in ISO 8601."""
    def make(field: fields.DateTime | fields.Date) -> Write:
        slow = _by_marshmallow(field)
        if (field.format or field.DEFAULT_FORMAT) != "iso":
            return slow
        return lambda value: value.isoformat() if type(value) is kind else slow(value)

    return make


_TEXT: frozenset[type] = frozenset({str, NoneType})
_WHOLE: frozenset[type] = frozenset({int, NoneType})
_YES_NO: frozenset[type] = frozenset({bool, NoneType})
_UNCHANGED: Mapping[type, frozenset[type]] = {
    fields.String: _TEXT, strict_fields.SubjectId: _TEXT, fields.Url: _TEXT,
    fields.Integer: _WHOLE, strict_fields.Integer: _WHOLE,
    fields.Boolean: _YES_NO, strict_fields.Boolean: _YES_NO,
}  # fmt: skip
_MAKERS: Mapping[type, Callable[[Any], Write]] = {
    fields.Dict: _dict, fields.List: _list, fields.Nested: _nested,
    fields.AwareDateTime: _moment(datetime), strict_fields.AwareDateTime: _moment(datetime),
    fields.Date: _moment(date), strict_fields.Date: _moment(date),
}  # fmt: skip
