"""Delete what no login needs any more."""
from __future__ import annotations

from services.identity.login.usecases.begin import LoginTransactions


def purge_logins(transactions: LoginTransactions) -> None:
    """Expired logins, and browsers whose session's time is over."""
    with transactions.begin() as tx:
        now = tx.clock.now()
        tx.interactions.purge(now)
        tx.browsers.purge(now)
