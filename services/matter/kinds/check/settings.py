"""The settings of a step of kind `check`, as JSON Schema."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": [],
    "properties": {
        "licence": {
            "type": "object",
            "additionalProperties": False,
            "required": ["type_code", "states", "opens_days_before", "closes_years_after"],
            "properties": {
                "type_code": {"type": "string", "pattern": "^[0-9A-Z]{18}[0-9]{3}$"},
                "states": {
                    "type": "array",
                    "minItems": 1,
                    "uniqueItems": True,
                    "items": {"enum": ["issued", "expired"]},
                },
                "opens_days_before": {"type": "integer", "minimum": 0, "maximum": 3650},
                "closes_years_after": {"type": "integer", "minimum": 0, "maximum": 10},
            },
            "description": "A licence the applicant holds, and the window around its expiry.",
        },
        "no_unpaid_violations": {"type": "boolean"},
    },
    "description": "The applicant's kind and level are always checked.",
}
