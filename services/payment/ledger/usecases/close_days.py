"""Close business days once they are over, without anybody asking: every tenant, every day of its own."""
from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, timedelta

from services.payment.common.domain.business_day import business_day, day_before
from services.payment.ledger.domain import books
from services.payment.ledger.domain.errors import DayClosed
from services.payment.ledger.usecases.close_day import CloseDayTx, close
from shared_components.kernel.errors import AppError
from shared_components.kernel.transactions import Transactions

log = logging.getLogger(__name__)

CLOSER = "payment/close-days"
"""Who has closed such a day; no caller's name has a slash."""


def close_days(transactions: Transactions[CloseDayTx], after: timedelta) -> int:
    """Close what has been over for `after`, also days that were missed; how many tenants' books could not be closed.

    Those are tried again at the next run. May run twice at once, and beside people who close days.
    """
    due = day_before(business_day(transactions.clock.now() - after))
    with transactions.begin() as tx:
        waiting = tx.books.open_at(due)
    return sum(
        not _close(transactions, tenant, books.days_due(closed_through, due))
        for tenant, closed_through in waiting.items()
    )


def _close(transactions: Transactions[CloseDayTx], tenant: str, days: Iterable[date]) -> bool:
    """Each day in a transaction of its own: those who post wait for one day and not for all of them."""
    for day in days:
        facts = {"tenant": tenant, "business_day": day.isoformat()}
        try:
            with transactions.begin(tenant) as tx:
                closing = close(tx, tenant, day, CLOSER)
        except DayClosed:
            continue  # a later day was closed meanwhile, and this one with it
        except AppError as error:
            log.error("payment.day.refused", extra={**facts, "code": error.code, "details": error.details})
            return False
        log.info("payment.day.closed", extra={**facts, "entries": closing.entries, "closed_by": closing.closed_by})
    return True
