"""The settings of a step of kind `callback`, as JSON Schema."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["source", "result"],
    "properties": {
        "source": {
            "type": "string",
            "pattern": "^[a-z][a-z0-9-]{0,39}$",
            "description": "Who answers: the source of a key in services.matter.callback_keys.",
        },
        "result": {"$ref": "#/$defs/form"},
        "pass_when": {
            "type": "string",
            "description": "`result.<field> == <literal>`: otherwise the step is refused.",
            "maxLength": 500,
        },
        "yearly_from_age": {
            "type": "integer",
            "minimum": 1,
            "maximum": 120,
            "description": "From this age on the certificate is due every year.",
        },
    },
}
