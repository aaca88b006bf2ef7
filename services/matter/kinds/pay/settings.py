"""The settings of a step of kind `pay`, as JSON Schema."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["lines"],
    "properties": {
        "channel": {
            "type": "string",
            "pattern": "^[a-z][a-z0-9-]{0,39}$",
            "description": "The one channel to pay through; the payment is opened at once. Either this or channels.",
        },
        "channels": {
            "type": "array",
            "minItems": 1,
            "maxItems": 10,
            "uniqueItems": True,
            "items": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,39}$"},
            "description": "The channels that the applicant chooses from (choose_channel). Either this or channel.",
        },
        "lines": {
            "type": "array",
            "minItems": 1,
            "maxItems": 20,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["item_code", "quantity"],
                "properties": {
                    "item_code": {"type": "string", "minLength": 1, "maxLength": 64},
                    "quantity": {"type": "integer", "minimum": 1, "maximum": 1000},
                },
            },
        },
        "expected_minor": {
            "type": "integer",
            "minimum": 1,
            "description": "What the guide promises, in 分; an order of another amount is refused.",
            "maximum": 1000000000000,
        },
        "expires_in_s": {"type": "integer", "minimum": 60, "maximum": 2592000},
    },
}
