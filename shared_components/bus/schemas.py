"""Schema instances, made once: marshmallow takes its time to build one."""
from __future__ import annotations

from typing import Any

_SCHEMAS: dict[tuple[type, bool], Any] = {}


def schema_of(schema_class: type[Any], many: bool = False) -> Any:
    """The shared instance of a schema class. Loading and dumping do not change it."""
    schema = _SCHEMAS.get((schema_class, many))
    if schema is None:
        schema = _SCHEMAS[schema_class, many] = schema_class(many=many)
    return schema
