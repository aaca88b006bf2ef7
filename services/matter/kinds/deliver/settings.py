"""The settings of a step of kind `deliver`, as JSON Schema."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["address_field"],
    "properties": {"address_field": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"}},
}
