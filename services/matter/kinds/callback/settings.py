"""The settings of a step of kind `callback`, as JSON Schema."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.matter.kinds.settings_parts import EXPRESSION, EXPRESSIONS

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
        "pass_when": {**EXPRESSION, "description": "CEL over `result`: when it is not true, the step is refused."},
        "notes": {
            "type": "array",
            "maxItems": 10,
            "description": "What is noted about the applicant when the waiting begins, and told in the timeline.",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["when", "values", "line"],
                "properties": {
                    "when": EXPRESSION,
                    "values": EXPRESSIONS,
                    "line": {"$ref": "#/$defs/text"},
                },
            },
        },
    },
}
