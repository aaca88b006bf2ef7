"""A first request to try, made from a schema."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_BY_FORMAT = {"date": "2026-01-31", "date-time": "2026-01-31T08:00:00Z", "uri": "https://app.example/", "url":
              "https://app.example/", "email": "someone@example.com"}
_BY_TYPE: Mapping[str, Any] = {"string": "", "integer": 1, "number": 1, "boolean": False, "object": {}, "null": None}


def example(schema: Mapping[str, Any]) -> Any:
    """Required fields only: the rest has defaults."""
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        required = schema.get("required", ())
        return {name: example(inner) for name, inner in schema.get("properties", {}).items() if name in required}
    if kind == "array":
        items = schema.get("items")
        return [example(items)] if isinstance(items, Mapping) and items else []
    return _BY_FORMAT.get(str(schema.get("format")), _BY_TYPE.get(str(kind)))
