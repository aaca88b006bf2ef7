"""The settings of a step of kind `notify`, as JSON Schema."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["template", "channels"],
    "properties": {
        "template": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,39}$"},
        "channels": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"enum": ["email", "inbox"]}},
    },
}
