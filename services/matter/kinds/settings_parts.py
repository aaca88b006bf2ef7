"""Parts that the settings of several kinds have, as JSON Schema."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EXPRESSION: Mapping[str, Any] = {"type": "string", "minLength": 1, "maxLength": 2000}
NAME: Mapping[str, Any] = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"}
STEP_NAME: Mapping[str, Any] = {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,39}$"}
TYPE_CODE: Mapping[str, Any] = {"type": "string", "pattern": "^[0-9A-Z]{18}[0-9]{3}$"}
EXPRESSIONS: Mapping[str, Any] = {
    "type": "object", "maxProperties": 50, "propertyNames": NAME, "additionalProperties": EXPRESSION}
"""Expressions by the name of what they give."""
