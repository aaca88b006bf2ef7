"""Check a value against a JSON Schema of a contract, without repeating the value: it may be personal data."""
from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson
from jsonschema import Draft202012Validator

from shared_components.kernel.bilingual import Bilingual, chinese

WHOLE = "_schema"
"""Name of a mistake that concerns the whole object, as in a service's own field errors."""


def problems(schema: Mapping[str, Any], value: Any) -> dict[str, list[str]]:
    """Field → what is allowed there; empty when the value fits."""
    found: dict[str, list[str]] = {}
    for error in _validator(orjson.dumps(schema)).iter_errors(value):
        where = ".".join(map(str, error.absolute_path)) or WHOLE
        found.setdefault(where, []).append(_allowed(str(error.validator), error.validator_value))
    return found


def told(found: Mapping[str, list[str]]) -> Bilingual:
    """One line of all problems."""
    zh: Mapping[str, list[str]] = chinese(found)
    return Bilingual(
        "; ".join(f"{where}: {', '.join(wrong)}" for where, wrong in sorted(found.items())),
        "；".join(f"{where}：{'、'.join(wrong)}" for where, wrong in sorted(zh.items())))


@lru_cache(maxsize=256)
def _validator(schema: bytes) -> Any:
    return Draft202012Validator(orjson.loads(schema))


def _allowed(keyword: str, value: Any) -> Bilingual:
    shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if keyword == "required":
        return Bilingual(f"all of {shown} are required", f"以下字段均为必填：{shown}")
    if keyword == "additionalProperties":
        return Bilingual("has a field that the contract does not know", "含有契约中没有的字段")
    return Bilingual(f"only {keyword} {shown[:200]} is allowed", f"只允许 {keyword} {shown[:200]}")
