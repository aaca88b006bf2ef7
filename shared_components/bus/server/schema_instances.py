"""Schema instances, made once: marshmallow takes its time to build one."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from shared_components.contracts.fast_dump import dumper
from shared_components.contracts.fast_load import loader

_SCHEMAS: dict[tuple[type, bool], Any] = {}
_LOADERS: dict[type, Callable[[Sequence[Mapping[str, Any]]], list[Any]]] = {}
_DUMPERS: dict[type, Callable[[Iterable[Any]], list[Any]]] = {}


def schema_of(schema_class: type[Any], many: bool = False) -> Any:
    """The shared instance of a schema class. Loading and dumping do not change it."""
    schema = _SCHEMAS.get((schema_class, many))
    if schema is None:
        schema = _SCHEMAS[schema_class, many] = schema_class(many=many)
    return schema


def load_all(schema_class: type[Any], items: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return or raise the same as `schema.load(items, many=True)`, faster when all items are valid."""
    load = _LOADERS.get(schema_class)
    if load is None:
        load = _LOADERS[schema_class] = loader(schema_of(schema_class))
    return load(items)


def dump_all(schema_class: type[Any], objects: Iterable[Any]) -> list[Any]:
    """Return the same as `schema.dump(objects, many=True)`."""
    dump = _DUMPERS.get(schema_class)
    if dump is None:
        dump = _DUMPERS[schema_class] = dumper(schema_of(schema_class))
    return dump(objects)
