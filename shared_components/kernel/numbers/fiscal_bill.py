"""Fiscal electronic bills (财政电子票据): code 8 (supervisor, class, kind, year, 2 each), number 10 in sequence."""
from __future__ import annotations

import re
from dataclasses import dataclass

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.numbers.base import NumberError, in_chinese, require_form

_PAIR = re.compile(r"[0-9]{2}")
_CODE = re.compile(r"[0-9]{8}")
_NUMBER = re.compile(r"[0-9]{10}")
TWO_DIGITS = Bilingual("2 digits", " 2 位数字")
EIGHT_DIGITS = Bilingual("8 digits", " 8 位数字")
TEN_DIGITS = Bilingual("10 digits", " 10 位数字")


@dataclass(frozen=True, slots=True)
class FiscalBillNumber:
    """supervisor, bill_class, kind: two digits each; year: in full; number: 1 to 9999999999."""

    supervisor: str
    bill_class: str
    kind: str
    year: int
    number: int

    def __post_init__(self) -> None:
        for name in ("supervisor", "bill_class", "kind"):
            require_form(getattr(self, name), _PAIR, number=f"fiscal bill {name}", allowed=TWO_DIGITS)
        if not 2000 <= self.year <= 2099:
            raise _out_of_range("year", self.year, "2000 to 2099", "2000 至 2099")
        if not 1 <= self.number < 10**10:
            raise _out_of_range("number", self.number, "1 to 9999999999", "1 至 9999999999")

    @property
    def code_text(self) -> str:
        return f"{self.supervisor}{self.bill_class}{self.kind}{self.year % 100:02d}"

    @property
    def number_text(self) -> str:
        return f"{self.number:010d}"

    @classmethod
    def parse(cls, code: object, number: object) -> FiscalBillNumber:
        code_text = require_form(code, _CODE, number="fiscal bill code", allowed=EIGHT_DIGITS)
        number_text = require_form(number, _NUMBER, number="fiscal bill number", allowed=TEN_DIGITS)
        return cls(code_text[:2], code_text[2:4], code_text[4:6], 2000 + int(code_text[6:]), int(number_text))


def _out_of_range(name: str, value: int, allowed: str, allowed_zh: str) -> NumberError:
    return NumberError(Bilingual(
        f"fiscal bill {name} is {value}; only {allowed} is allowed",
        f"{in_chinese(f'fiscal bill {name}')}为 {value}；只允许 {allowed_zh}"),
        number="fiscal bill number", reason=name)
