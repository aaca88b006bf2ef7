"""Request bodies as JSON objects; what may be in them, shared_components/kernel/strict_json.py says."""
from __future__ import annotations

from typing import Any

from services.gateway.domain.errors import BodyMalformed
from shared_components.kernel import strict_json


def json_object(body: bytes) -> dict[str, Any]:
    """Raises BodyMalformed."""
    try:
        content = strict_json.read(body)
    except strict_json.JsonRefused as refused:
        raise BodyMalformed(
            f"request body: {refused}", details={"fields": refused.fields()} if refused.path else None) from None
    if not isinstance(content, dict):
        raise BodyMalformed("request body is JSON and no object; a JSON object is allowed")
    return content
