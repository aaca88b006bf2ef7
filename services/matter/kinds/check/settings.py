"""The settings of a step of kind `check`, as JSON Schema."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.matter.kinds.settings_parts import EXPRESSION, EXPRESSIONS, NAME, STEP_NAME, TYPE_CODE

LICENCE: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["type_code", "states"],
    "properties": {
        "type_code": TYPE_CODE,
        "states": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {"enum": ["issued", "expired"]},
        },
        "opens_days_before": {"type": "integer", "minimum": 0, "maximum": 3650},
        "closes_years_after": {"type": "integer", "minimum": 0, "maximum": 10},
    },
    "dependentRequired": {
        "opens_days_before": ["closes_years_after"], "closes_years_after": ["opens_days_before"]},
    "description": "A licence the applicant must hold, and the window around its expiry, if there is one.",
}
ASK: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["as", "source", "with", "returns"],
    "properties": {
        "as": NAME,
        "source": {**STEP_NAME, "description": "A register that the department has connected."},
        "with": EXPRESSIONS,
        "returns": {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 20,
            "propertyNames": NAME,
            "additionalProperties": {"enum": ["string", "integer", "boolean"]},
            "description": "Fields of the answer that are kept, with their types.",
        },
    },
}
RULE: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["holds", "code", "reason"],
    "properties": {
        "holds": {**EXPRESSION, "description": "CEL: when it is not true, the application is refused."},
        "code": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,39}$"},
        "reason": {"$ref": "#/$defs/text"},
        "values": {**EXPRESSIONS, "description": "Fill the placeholders of the reason."},
    },
}
SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": [],
    "properties": {
        "licence": LICENCE,
        "asks": {"type": "array", "minItems": 1, "maxItems": 10, "items": ASK},
        "rules": {"type": "array", "minItems": 1, "maxItems": 30, "items": RULE},
    },
    "description": "The applicant's kind and level are always checked.",
}
