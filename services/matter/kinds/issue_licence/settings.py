"""The settings of a step of kind `issue_licence`, as JSON Schema."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["type_code", "prior", "validity_years"],
    "properties": {
        "type_code": {"type": "string", "pattern": "^[0-9A-Z]{18}[0-9]{3}$"},
        "prior": {
            "type": "string",
            "pattern": "^[a-z][a-z0-9-]{0,39}$",
            "description": "The check that found the licence to renew.",
        },
        "validity_years": {
            "type": "array",
            "minItems": 1,
            "maxItems": 10,
            "uniqueItems": True,
            "items": {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 100}, {"const": "permanent"}]},
        },
    },
}
