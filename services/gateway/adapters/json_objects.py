"""Request bodies as JSON objects; what may be in them, shared_components/kernel/strict_json.py says."""
from __future__ import annotations

from typing import Any

from services.gateway.domain.errors import BodyMalformed
from shared_components.kernel import strict_json
from shared_components.kernel.bilingual import Bilingual


def json_object(body: bytes) -> dict[str, Any]:
    """Raises BodyMalformed."""
    try:
        content = strict_json.read(body)
    except strict_json.JsonRefused as refused:
        raise BodyMalformed(
            Bilingual(f"request body: {refused}", f"请求体不符合要求：{refused.zh}"),
            details={"fields": refused.fields()} if refused.path else None) from None
    if not isinstance(content, dict):
        raise BodyMalformed(Bilingual(
            "request body is JSON and no object; a JSON object is allowed",
            "请求体是 JSON 但不是对象；只允许 JSON 对象"))
    return content
