"""Unified social credit codes, GB 32100: registrar 1, category 1, division 6, organisation 9, check 1.

Alphabet without I O Z S V; weight 3^(i-1) mod 31; check 31 - sum mod 31, where 31 is written 0. `stdnum` refuses valid
codes that begin with N, so the rule is written out here.
"""
from __future__ import annotations

import re

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.numbers.base import require_check, require_form

_NUMBER = "unified social credit code"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {character: index for index, character in enumerate(_ALPHABET)}
_WEIGHTS = tuple(pow(3, index, 31) for index in range(17))
# 000000 is no division: a code of zeros would keep the check.
_STRICT = re.compile(rf"[{_ALPHABET}]{{2}}(?!000000)[0-9]{{6}}[{_ALPHABET}]{{10}}")
_LENIENT = re.compile(r"[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10}")


def validate_credit_code(value: object, *, lenient: bool = False) -> str:
    """The code, when it can be right.

    lenient: real codes exist that keep neither the alphabet nor the check; then only the form is asked for.
    Raises NumberError with reason not-text, form or check.
    """
    if lenient:
        return require_form(value, _LENIENT, number=_NUMBER, allowed=Bilingual(
            "18 digits and capitals, digits at 3 to 8", " 18 位数字或大写字母，第 3 至 8 位为数字"))
    text = require_form(value, _STRICT, number=_NUMBER, allowed=Bilingual(
        "18 digits and capitals without I O Z S V, digits that are not all 0 at 3 to 8",
        " 18 位数字或大写字母（不含 I、O、Z、S、V），第 3 至 8 位为数字且不全为 0"))
    require_check(_check_character(text[:17]) == text[17], number=_NUMBER)
    return text


def complete_credit_code(first_17: str) -> str:
    """The code with its check character added; for demonstration data."""
    return first_17 + _check_character(first_17)


def _check_character(first_17: str) -> str:
    total = sum(_VALUES[character] * weight for character, weight in zip(first_17, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]
