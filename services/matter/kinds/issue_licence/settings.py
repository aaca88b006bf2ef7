"""The settings of a step of kind `issue_licence`, as JSON Schema."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.matter.kinds.settings_parts import EXPRESSION, EXPRESSIONS, STEP_NAME, TYPE_CODE

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["type_code"],
    "properties": {
        "type_code": TYPE_CODE,
        "prior": {
            **STEP_NAME,
            "description": "The check that found the licence to renew or change; without it a first licence."},
        "validity_years": {
            "type": "array",
            "minItems": 1,
            "maxItems": 10,
            "uniqueItems": True,
            "items": {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 100}, {"const": "permanent"}]},
            "description": "Terms of one licence after the other, counted from the prior one's expiry. Needs prior.",
        },
        "valid_years": {
            "type": "integer", "minimum": 1, "maximum": 100, "description": "Counted from the day of issue."},
        "valid_until": {**EXPRESSION, "description": "CEL that gives the last day, YYYY-MM-DD."},
        "permanent": {"const": True, "description": "长期: it does not expire."},
        "content": {
            **EXPRESSIONS, "description": "CEL for each field of the licence's content, over that of the prior one."},
    },
}
