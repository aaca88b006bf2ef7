"""The mixin of services that keep an evidence log: once a second, one of their processes seals what waits."""
from __future__ import annotations

import logging
from datetime import timedelta
from time import time
from typing import TYPE_CHECKING

from shared_components.bus.server.entrypoints import every
from shared_components.db import ALL_TENANTS
from shared_components.evidence_log.lag import SealLag, seal_lag
from shared_components.evidence_log.purging import purge_all
from shared_components.evidence_log.sealing import MOST, Sealer
from shared_components.observability.metrics import METRICS

if TYPE_CHECKING:
    from shared_components.bus.server.transactions import Transactions

log = logging.getLogger(__name__)

INTERVAL_S = 1.0
PURGE_INTERVAL_S = 3600.0
# Short: the records wait until the lease of a sealer that was killed has ended.
LEASE_S = 5.0


class EvidenceSealing:
    """Seals the service's evidence log. The service lists EVIDENCE_SEALED among its `emits`."""

    keeps_evidence = True

    @every(seconds=INTERVAL_S, lease_s=LEASE_S)
    def seal_evidence(self, transactions: Transactions) -> None:
        """Seal what waits, and measure what is left."""
        seal_waiting(transactions)


    @every(seconds=PURGE_INTERVAL_S)
    def purge_evidence(self, transactions: Transactions) -> None:
        """Delete records that are older than `evidence.keep_days`."""
        provider = transactions.provider
        days = provider.container.config["zhongtai"].get("evidence", {}).get("keep_days")
        if days is not None:
            gone = purge_all(provider.database, provider.secrets, provider.contract.service, keep=timedelta(days=days))
            log.info("evidence.records.purged", extra={"service": provider.contract.service, "records": gone})


def seal_waiting(transactions: Transactions) -> int:
    """Seal in transactions of a bounded size until nothing waits; gives how many records they took."""
    service = transactions.provider.contract.service
    taken = 0
    while True:
        with transactions.scope(ALL_TENANTS) as scope:
            some = Sealer(scope, service).seal()
            # In the same transaction: this is done each second, and most often nothing waits.
            lag = seal_lag(scope.session) if some < MOST else None
        taken += some
        if lag is not None:
            _tell(lag, transactions, service)
            return taken


def _tell(lag: SealLag, transactions: Transactions, service: str) -> None:
    METRICS.record_evidence(
        service, unsealed=lag.waiting, oldest_age_s=lag.age_s(transactions.clock.now()), looked_at_s=time())
