"""Food business licence numbers (食品经营许可证): `JY`, kind of business 1, division 6, sequence 6, check MOD 11,10."""
from __future__ import annotations

import re

from stdnum.iso7064 import mod_11_10

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.numbers.base import NumberError, require_check, require_form
from shared_components.kernel.numbers.divisions import require_province, validate_division

_NUMBER = "food licence number"
_FORM = re.compile(r"JY[0-9]{14}")
KINDS = {"1": "食品销售经营者", "2": "餐饮服务经营者", "3": "单位食堂"}


def food_licence_number(kind: str, division: str, sequence: int) -> str:
    """kind: 1 retail, 2 catering, 3 canteen; sequence: 1 to 999999 within the division."""
    if kind not in KINDS:
        raise NumberError(Bilingual(
            f"food licence kind is {kind!r}; only 1, 2 or 3 is allowed",
            f"食品经营许可证类别为“{kind}”；只允许 1、2 或 3"), number=_NUMBER, reason="kind")
    if not 1 <= sequence <= 999_999:
        raise NumberError(Bilingual(
            f"food licence sequence is {sequence}; only 1 to 999999 is allowed",
            f"食品经营许可证顺序号为 {sequence}；只允许 1 至 999999"), number=_NUMBER, reason="sequence")
    body = f"{kind}{validate_division(division)}{sequence:06d}"
    return f"JY{body}{mod_11_10.calc_check_digit(body)}"


def validate_food_licence_number(value: object) -> str:
    text = require_form(value, _FORM, number=_NUMBER, allowed=Bilingual("JY and 14 digits", " JY 加 14 位数字"))
    if text[2] not in KINDS:
        raise NumberError(Bilingual(
            f"{_NUMBER} has kind {text[2]}; only 1, 2 or 3 is allowed",
            f"食品经营许可证编号的类别为 {text[2]}；只允许 1、2 或 3"), number=_NUMBER, reason="kind")
    require_province(text[3:9], number=_NUMBER)
    require_check(mod_11_10.calc_check_digit(text[2:-1]) == text[-1], number=_NUMBER)
    return text
