"""The settings of a step of kind `task`, as JSON Schema."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ROLES = ("handler", "approver", "finance", "manager")
_ROLE: Mapping[str, Any] = {"enum": list(ROLES)}

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["role"],
    "properties": {
        "role": {**_ROLE, "description": "Officers of the department with this role find the step in their inbox."},
        "form": {"$ref": "#/$defs/form"},
        "fields": {
            "type": "array",
            "maxItems": 100,
            "uniqueItems": True,
            "items": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"},
            "description": "Fields of the applicant's form that officers see; without it all.",
        },
        "countersign": {**_ROLE, "description": "Another officer, with this role, agrees before a decision holds."},
    },
}
