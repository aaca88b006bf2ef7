"""Resident identity numbers, GB 11643: division 6, birth date 8, sequence 3 (odd: male), check 1 (ISO 7064 MOD 11-2).

`stdnum.cn.ric` is not fit: it compares division codes with the birth year, refuses residence permits (81, 82, 83)
and accepts births in the future. Only its check algorithm is used.
"""
from __future__ import annotations

import re
from datetime import date

from stdnum.iso7064 import mod_11_2

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.numbers.base import NumberError, require_check, require_form
from shared_components.kernel.numbers.divisions import require_province
from shared_components.kernel.numbers.masking import mask_middle

_NUMBER = "resident identity number"
_FORM = re.compile(r"[0-9]{17}[0-9X]")
_OLDEST_YEARS = 150


def validate_resident_id(value: object, *, today: date) -> str:
    """The number in its canonical form (a final x becomes X).

    today: in China's time zone; a birth date after it is refused.
    Raises NumberError with reason not-text, form, division, birth-date or check.
    """
    text = value[:-1] + "X" if isinstance(value, str) and value.endswith("x") else value
    text = require_form(text, _FORM, number=_NUMBER, allowed=Bilingual(
        "17 digits and a digit or X", " 17 位数字加 1 位数字或 X"))
    require_province(text, number=_NUMBER)
    _require_birth(text, today)
    require_check(mod_11_2.calc_check_digit(text[:17]) == text[17], number=_NUMBER)
    return text


def birth_date(value: str) -> date:
    """The birth date in a validated number."""
    return date(int(value[6:10]), int(value[10:12]), int(value[12:14]))


def is_male(value: str) -> bool:
    """Whether a validated number was given to a man: its sequence is odd."""
    return int(value[16]) % 2 == 1


def mask_resident_id(value: str) -> str:
    """The number with its birth date hidden: `330106********0014`. Safe for text of any length."""
    return mask_middle(value, first=6, last=4)


def complete_resident_id(first_17: str) -> str:
    """The number with its check character added; for demonstration data."""
    return first_17 + str(mod_11_2.calc_check_digit(first_17))


def _require_birth(text: str, today: date) -> None:
    try:
        born = birth_date(text)
    except ValueError:
        raise _bad_birth("no day of the calendar", "不是有效日期") from None
    if born > today:
        raise _bad_birth("in the future", "晚于今天")
    if today.year - born.year > _OLDEST_YEARS:
        raise _bad_birth(f"more than {_OLDEST_YEARS} years ago", f"早于 {_OLDEST_YEARS} 年前")


def _bad_birth(what: str, what_zh: str) -> NumberError:
    return NumberError(Bilingual(
        f"{_NUMBER} has a birth date that is {what}; only days of the last {_OLDEST_YEARS} years are allowed",
        f"居民身份证号码中的出生日期{what_zh}；只允许最近 {_OLDEST_YEARS} 年内的日期"),
        number=_NUMBER, reason="birth-date")
