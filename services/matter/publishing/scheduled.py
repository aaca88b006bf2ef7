"""Publishing at start."""
from __future__ import annotations

from services.matter.publishing.adapters.bootstrapping import bootstrap_tenant
from shared_components.bus import Transactions, every


class PublishingSchedule:
    @every(seconds=5)
    def bootstrap_at_start(self, transactions: Transactions) -> None:
        """Until it has succeeded once in this process, for the tenants of services.matter.bootstrap_tenants."""
        done: set[str] = transactions.provider.bootstrapped
        for tenant in set(transactions.settings["bootstrap_tenants"]) - done:
            bootstrap_tenant(transactions, tenant)
            done.add(tenant)
