"""Fee items: what may be charged, for how much, by whom and when."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.payment.fees.domain.errors import FeeItemPeriodInvalid
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.money import Money


@dataclass(frozen=True, slots=True)
class FeeItem:
    """One version of a fee item (项目); a price never changes, a new version replaces it.

    item_code: 项目编码; collecting_unit: 执收单位编码 (credit code); division: GB/T 2260, 6 digits.
    unit: what one of it is (`证`, `次`); price_minor: for one unit.
    valid_from ≤ t < valid_until; None: until a new version replaces it.
    late_fee_ppm: of a line's amount for each day after its limit date, 0 for none; min and max: of one line.
    """

    tenant: str
    item_code: str
    version: int
    name: str
    collecting_unit: str
    unit: str
    price_minor: int
    currency: str
    division: str
    valid_from: datetime
    valid_until: datetime | None = None
    late_fee_ppm: int = 0
    min_quantity: int = 1
    max_quantity: int | None = None
    min_amount_minor: int | None = None
    max_amount_minor: int | None = None

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    def in_force(self, at: datetime) -> bool:
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)


def check_period(valid_from: datetime, valid_until: datetime | None, *, now: datetime) -> None:
    """Raises FeeItemPeriodInvalid: what was charged in the past stays as it was."""
    if valid_from < now:
        raise FeeItemPeriodInvalid(
            Bilingual(
                f"valid_from is {valid_from.isoformat()}; only the present or a later time is allowed",
                f"valid_from 为 {valid_from.isoformat()}；只能为当前或以后的时间"),
            details={"fields": {"valid_from": [Bilingual("in the past", "早于当前时间")]}},
        )
    if valid_until is not None and valid_until <= valid_from:
        raise FeeItemPeriodInvalid(
            Bilingual(
                f"valid_until is {valid_until.isoformat()}; only a time after valid_from is allowed",
                f"valid_until 为 {valid_until.isoformat()}；只能晚于 valid_from"),
            details={"fields": {"valid_until": [Bilingual("not after valid_from", "不晚于 valid_from")]}},
        )
