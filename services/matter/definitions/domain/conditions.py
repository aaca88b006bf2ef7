"""Conditions of a definition (`when`, `pass_when`): one comparison of one field with one literal.

`form.delivery == "post"`, `result.passed == true`, `form.copies != 2`. CEL takes this place later; every
expression of this form is CEL with the same meaning, so that definitions written today stay valid.
"""
from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.matter.definitions.domain.errors import ConditionNotSupported
from shared_components.kernel.bilingual import Bilingual

_FORM = re.compile(
    r"\s*(?P<root>form|result)\.(?P<field>[a-z][a-z0-9_]*)\s*(?P<operator>==|!=)\s*"
    r"(?P<literal>'[^'\\]*'|\"[^\"\\]*\"|true|false|-?\d{1,15})\s*"
)


@dataclass(frozen=True, slots=True)
class Condition:
    root: str
    field: str
    equal: bool
    literal: str | int | bool

    def holds(self, values: Mapping[str, Any]) -> bool:
        """values: of the root. An absent field equals nothing."""
        given = values.get(self.field)
        same = type(given) is type(self.literal) and given == self.literal
        return same is self.equal


def parse_condition(text: str) -> Condition:
    """Raises ConditionNotSupported for anything but `form|result.<field> ==|!= <literal>`."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise ConditionNotSupported(Bilingual(
            f"condition {text!r} is not supported; only `form.<field>` or `result.<field>`, `==` or `!=`, "
            "and a text in quotes, a whole number, true or false are allowed",
            f"不支持条件“{text}”；只允许 `form.<字段>` 或 `result.<字段>`、`==` 或 `!=`，"
            "以及带引号的文本、整数、true 或 false"))
    return Condition(match["root"], match["field"], match["operator"] == "==", _literal(match["literal"]))


def _literal(text: str) -> str | int | bool:
    if text[0] in "'\"":
        return text[1:-1]
    value: int | bool = json.loads(text)
    return value
