"""Follow a path of fields into a JSON Schema."""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


def has_path(schema: Mapping[str, Any], path: str) -> bool:
    """Whether a schema names this field: `lines[].quantity`. An object without named fields may have any."""
    current: Any = schema
    for part in re.findall(r"\[\]|[^.\[\]]+", path):
        if not isinstance(current, Mapping):
            return True
        if part == "[]":
            current = current.get("items", {})
            continue
        fields = current.get("properties")
        if fields is None:
            return True
        if part not in fields:
            return False
        current = fields[part]
    return True
