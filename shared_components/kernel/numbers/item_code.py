"""Codes of government service items (事项), GB/T 39554.1: basic code 12 digits, implementation code 31 characters."""
from __future__ import annotations

import re
from dataclasses import dataclass

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.numbers.base import require_form
from shared_components.kernel.numbers.credit_code import validate_credit_code

_BASIC = re.compile(r"[0-9]{12}")
_LEVEL = re.compile(r"[0-9]")
_FULL = re.compile(r"[0-9A-Z]{18}[0-9]{13}")


def validate_basic_item_code(value: object) -> str:
    return require_form(value, _BASIC, number="basic item code", allowed=Bilingual("12 digits", " 12 位数字"))


@dataclass(frozen=True, slots=True)
class ItemCode:
    """An implementation code: the credit code of the department that handles it, its level, the basic code."""

    department: str
    level: str
    basic: str

    @property
    def text(self) -> str:
        return f"{self.department}{self.level}{self.basic}"

    @classmethod
    def parse(cls, value: object, *, lenient: bool = False) -> ItemCode:
        """lenient: the department's code need not keep its check."""
        text = require_form(value, _FULL, number="item code", allowed=Bilingual(
            "18 characters and 13 digits", " 18 位字符加 13 位数字"))
        return cls.of(text[:18], text[18], text[19:], lenient=lenient)

    @classmethod
    def of(cls, department: str, level: str, basic: str, *, lenient: bool = False) -> ItemCode:
        validate_credit_code(department, lenient=lenient)
        require_form(level, _LEVEL, number="item level", allowed=Bilingual("one digit", "一位数字"))
        return cls(department, level, validate_basic_item_code(basic))
