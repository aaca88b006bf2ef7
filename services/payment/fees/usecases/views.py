"""Views of fee items."""
from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from services.payment.fees.domain.fee_item import FeeItem


class FeeItemView(TypedDict):
    item_code: str
    version: int
    name: str
    collecting_unit: str
    unit: str
    price_minor: int
    currency: str
    division: str
    valid_from: datetime
    valid_until: datetime | None
    late_fee_ppm: int
    min_quantity: int
    max_quantity: int | None
    min_amount_minor: int | None
    max_amount_minor: int | None


def fee_item(item: FeeItem) -> FeeItemView:
    return {
        "item_code": item.item_code,
        "version": item.version,
        "name": item.name,
        "collecting_unit": item.collecting_unit,
        "unit": item.unit,
        "price_minor": item.price_minor,
        "currency": item.currency,
        "division": item.division,
        "valid_from": item.valid_from,
        "valid_until": item.valid_until,
        "late_fee_ppm": item.late_fee_ppm,
        "min_quantity": item.min_quantity,
        "max_quantity": item.max_quantity,
        "min_amount_minor": item.min_amount_minor,
        "max_amount_minor": item.max_amount_minor,
    }
