"""Work of the login server by the clock."""
from __future__ import annotations

import structlog

from shared_components.bus import Transactions, every

log = structlog.get_logger(__name__)

PURGE_INTERVAL_S = 300.0


class OpenIdSchedule:
    """Purges what is over."""

    @every(seconds=PURGE_INTERVAL_S)
    def purge_login_leftovers(self, transactions: Transactions) -> None:
        """Delete requests, codes and assertions that are over."""
        with transactions.begin() as tx:
            gone = tx.login_leftovers.purge(tx.clock.now())
        if gone:
            log.info("identity.login.purged", rows=gone)
