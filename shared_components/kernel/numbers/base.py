"""Base of all number rules."""
from __future__ import annotations

import re
from typing import Any

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import InvalidInput

_CHINESE = {
    "basic item code": "事项基本编码",
    "item code": "事项实施编码",
    "item level": "事项行使层级",
    "division code": "行政区划代码",
    "pay code": "缴款码",
    "fiscal bill supervisor": "财政票据监管机构代码",
    "fiscal bill bill_class": "财政票据分类代码",
    "fiscal bill kind": "财政票据种类代码",
    "fiscal bill year": "财政票据年份",
    "fiscal bill code": "财政票据代码",
    "fiscal bill number": "财政票据号码",
    "resident identity number": "居民身份证号码",
    "unified social credit code": "统一社会信用代码",
    "licence identifier": "电子证照标识",
    "licence type code": "证照类型代码",
    "licence issuer": "证照颁发机构代码",
    "licence serial": "证照流水号",
    "food licence number": "食品经营许可证编号",
}


class NumberError(InvalidInput):
    """A number that cannot be right. details: number (which kind), reason (a constant)."""

    code = "kernel.invalid-number"
    texts = {"en": "The number is not valid.", "zh": "号码不符合要求。"}

    def __init__(
        self, message: str | None = None, *, number: str = "", reason: str = "", details: dict[str, Any] | None = None
    ) -> None:
        facts = {"number": number, "reason": reason} if number else {}
        super().__init__(message, details={**facts, **(details or {})})
        self.reason: str = str(self.details.get("reason", ""))


def in_chinese(number: str) -> str:
    """The Chinese name of a kind of number."""
    return _CHINESE[number]


def require_form(value: object, pattern: re.Pattern[str], *, number: str, allowed: Bilingual) -> str:
    """The value, if it is text of that form. The patterns are ASCII only: a full-width 1 is not a 1."""
    if not isinstance(value, str):
        raise NumberError(Bilingual(
            f"{number} is a {type(value).__name__}; only text is allowed",
            f"{in_chinese(number)}的类型为 {type(value).__name__}；只允许文本"), number=number, reason="not-text")
    if not pattern.fullmatch(value):
        raise NumberError(Bilingual(
            f"{number} of {len(value)} characters has the wrong form; only {allowed} is allowed",
            f"{in_chinese(number)}（{len(value)} 个字符）格式不正确；只允许{allowed.zh}"), number=number, reason="form")
    return value


def require_check(ok: bool, *, number: str) -> None:
    if not ok:
        raise NumberError(Bilingual(
            f"{number} has a check character that does not fit; only the computed one is allowed",
            f"{in_chinese(number)}的校验码不正确"), number=number, reason="check")
