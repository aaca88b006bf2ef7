"""Payment codes (缴款码) as seen in practice: division 6, year 2, `30`, serial 10; no check digit.

No public standard fixes them, so whoever makes them takes a PayCodeGenerator, and this is the default one.
"""
from __future__ import annotations

import re
from typing import Protocol

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.numbers.base import NumberError, require_form
from shared_components.kernel.numbers.divisions import validate_division

_KIND = "30"
_MAX_SERIAL = 10**10 - 1
_FORM = re.compile(r"[0-9]{20}")


class PayCodeGenerator(Protocol):
    def __call__(self, division: str, year: int, serial: int) -> str: ...


def pay_code(division: str, year: int, serial: int) -> str:
    """year: in full, 2025; serial: 0 to 9999999999, unique within division and year."""
    validate_division(division)
    if not 2000 <= year <= 2099:
        raise NumberError(Bilingual(
            f"pay code year is {year}; only 2000 to 2099 is allowed", f"缴款码年份为 {year}；只允许 2000 至 2099"),
            number="pay code", reason="year")
    if not 0 <= serial <= _MAX_SERIAL:
        raise NumberError(Bilingual(
            f"pay code serial is {serial}; only 0 to {_MAX_SERIAL} is allowed",
            f"缴款码流水号为 {serial}；只允许 0 至 {_MAX_SERIAL}"), number="pay code", reason="serial")
    return f"{division}{year % 100:02d}{_KIND}{serial:010d}"


def validate_pay_code(value: object) -> str:
    """Asks for 20 digits with a division in front; the kind is left open, since provinces differ."""
    text = require_form(value, _FORM, number="pay code", allowed=Bilingual("20 digits", " 20 位数字"))
    validate_division(text[:6], number="pay code")
    return text
