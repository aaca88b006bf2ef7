"""Money as whole minor units (分) with a currency; a float never gets in."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import InvalidInput

_CURRENCY = re.compile(r"[A-Z]{3}")


class InvalidMoney(InvalidInput):
    code = "kernel.invalid-money"
    texts = {"en": "The amount of money is not valid.", "zh": "金额不符合要求。"}


def decimal_text(amount_minor: int, *, grouped: bool = False) -> str:
    """Minor units with the two decimals that people read: 1005 → "10.05"; grouped: -1234567 → "-12,345.67"."""
    whole, rest = divmod(abs(amount_minor), 100)
    return f"{'-' if amount_minor < 0 else ''}{whole:{',' if grouped else ''}}.{rest:02d}"


@dataclass(frozen=True, slots=True)
class Money:
    """amount_minor: in the currency's minor unit, may be negative; currency: ISO 4217, `CNY`."""

    amount_minor: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:  # bool is an int too, and just as wrong here
            kind = type(self.amount_minor).__name__
            raise InvalidMoney(Bilingual(
                f"amount_minor is a {kind}; only whole minor units (int) are allowed",
                f"amount_minor 的类型为 {kind}；只允许整数（最小货币单位）"))
        if not _CURRENCY.fullmatch(self.currency):
            raise InvalidMoney(Bilingual(
                f"currency is {self.currency!r}; only three capital letters (ISO 4217) are allowed",
                f"币种为“{self.currency}”；只允许三个大写字母（ISO 4217）"))

    def __add__(self, other: Money) -> Money:
        return Money(self.amount_minor + self._same_currency(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount_minor - self._same_currency(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount_minor, self.currency)

    def __mul__(self, quantity: int) -> Money:
        if type(quantity) is not int:
            raise InvalidMoney(Bilingual(
                f"quantity is a {type(quantity).__name__}; only an int is allowed",
                f"数量的类型为 {type(quantity).__name__}；只允许整数"))
        return Money(self.amount_minor * quantity, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        return self.amount_minor < self._same_currency(other)

    def __le__(self, other: Money) -> bool:
        return self.amount_minor <= self._same_currency(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount_minor > self._same_currency(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount_minor >= self._same_currency(other)

    def __bool__(self) -> bool:
        return self.amount_minor != 0

    def _same_currency(self, other: Any) -> int:
        if not isinstance(other, Money):
            raise InvalidMoney(Bilingual(
                f"the other amount is a {type(other).__name__}; only Money is allowed",
                f"另一金额的类型为 {type(other).__name__}；只允许 Money"))
        if other.currency != self.currency:
            raise InvalidMoney(Bilingual(
                f"currencies are {self.currency} and {other.currency}; only one currency is allowed",
                f"币种分别为 {self.currency} 和 {other.currency}；只允许同一币种"))
        return other.amount_minor
