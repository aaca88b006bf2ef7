"""Administrative division codes, GB/T 2260: the rule that holds for every edition.

County codes come and go, and people keep the number they were born with, so only the province is checked.
A table of codes with validity dates belongs to master data, not to a number's form.
"""
from __future__ import annotations

import re

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.numbers.base import NumberError, in_chinese, require_form

PROVINCES = frozenset(
    [
        *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"),
        *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65"),
        *("71", "81", "82", "83"),
    ]
)
"""81, 82: Hong Kong and Macao; 71 Taiwan; 81, 82, 83 also begin the residence permits of people from there."""

_FORM = re.compile(r"[0-9]{6}")
_ALLOWED = Bilingual("6 digits", " 6 位数字")


def validate_division(value: object, *, number: str = "division code") -> str:
    text = require_form(value, _FORM, number=number, allowed=_ALLOWED)
    require_province(text, number=number)
    return text


def require_province(text: str, *, number: str) -> None:
    if text[:2] not in PROVINCES:
        raise NumberError(Bilingual(
            f"{number} begins with {text[:2]}; only province codes of GB/T 2260 (11 to 65, 71, 81 to 83) are allowed",
            f"{in_chinese(number)}以 {text[:2]} 开头；只允许 GB/T 2260 的省级代码（11 至 65、71、81 至 83）"),
            number=number, reason="division")
