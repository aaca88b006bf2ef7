"""Check that a business day is over."""
from __future__ import annotations

from datetime import date

from services.payment.common.domain.business_day import business_day, day_before
from services.payment.ledger.domain.errors import DayNotOver
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.transactions import HasClock


def check_over(tx: HasClock, day: date) -> None:
    """Raises DayNotOver."""
    newest = day_before(business_day(tx.clock.now()))
    if day > newest:
        raise DayNotOver(
            Bilingual(
                f"business_day is {day.isoformat()}, which ends at 24:00 in China (UTC+8); the newest one that is "
                f"over is {newest.isoformat()}",
                f"business_day 为 {day.isoformat()}，该日于北京时间 24:00 结束；最近已结束的营业日为 "
                f"{newest.isoformat()}"),
            details={"business_day": newest.isoformat()},
        )
