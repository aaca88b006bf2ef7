"""Where a message names subjects: read off its schema once, so that ids can be put into another form.

Fields of the kind SubjectId name one. A reply's objects without a schema of their own, such as the result of a step,
may name some in their texts.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from marshmallow import Schema, fields

from shared_components.contracts.strict_fields import SubjectId

Change = Callable[[str, str], str]
"""(id, name of the field) → the id in another form."""
Translate = Callable[[Any, Change], Any]
"""(message, change) → the message with its ids changed; what it was given stays as it is."""

REAL_ID = re.compile(r"sub_[0-9a-f]{32}")


@cache
def ids_of_request(schema: type[Schema]) -> Translate | None:
    """Change the ids of a request that is not loaded yet. None where it has none.

    What is no text stays for the schema to refuse.
    """
    return _of_schema(schema(), None)


@cache
def ids_of_reply(schema: type[Schema]) -> Translate | None:
    """Change the ids of a reply or event as it is dumped. None where it can have none."""
    return _of_schema(schema(), ids_in_texts)


def ids_in_texts(value: Any, change: Change) -> Any:
    """Change every real id in the texts of a JSON value; names of objects stay."""
    if isinstance(value, str):
        return REAL_ID.sub(lambda found: change(found[0], ""), value) if "sub_" in value else value
    if isinstance(value, Mapping):
        return {name: ids_in_texts(part, change) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [ids_in_texts(part, change) for part in value]
    return value


def _of_schema(schema: Schema, of_free: Translate | None) -> Translate | None:
    found = [(name, _of_field(name, field, of_free)) for name, field in schema.fields.items()]
    parts = [(name, translate) for name, translate in found if translate is not None]
    return _object(parts) if parts else None


def _of_field(name: str, field: Any, of_free: Translate | None) -> Translate | None:
    if isinstance(field, SubjectId):
        return lambda value, change: change(value, name) if type(value) is str else value
    if isinstance(field, fields.Nested):
        inner = _of_schema(field.schema, of_free)
        return inner if inner is None or not field.many else _list(inner)
    if isinstance(field, fields.List):
        inner = _of_field(name, field.inner, of_free)
        return None if inner is None else _list(inner)
    if isinstance(field, fields.Dict):
        inner = of_free if field.value_field is None else _of_field(name, field.value_field, of_free)
        return inner if inner is None or inner is of_free else _values(inner)
    return None


def _object(parts: list[tuple[str, Translate]]) -> Translate:
    def translate(value: Any, change: Change) -> Any:
        if type(value) is not dict:
            return value
        changed = {name: part(value[name], change) for name, part in parts if value.get(name) is not None}
        return {**value, **changed} if changed else value

    return translate


def _list(inner: Translate) -> Translate:
    return lambda value, change: [inner(part, change) for part in value] if type(value) is list else value


def _values(inner: Translate) -> Translate:
    return lambda value, change: (
        {name: inner(part, change) for name, part in value.items()} if type(value) is dict else value)
