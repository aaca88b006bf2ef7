"""Work that matter does by the clock."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from services.matter.adapters.shipped import shipped_definitions, shipped_templates
from services.matter.domain.outcomes import Outcome
from services.matter.usecases import engine
from services.matter.usecases.bootstrap import bootstrap
from services.matter.usecases.components import Components
from services.matter.usecases.engine import Asked, Engine
from services.matter.usecases.kinds.registry import KINDS
from services.matter.usecases.kinds.work import Work
from services.matter.usecases.views import BootstrappedView
from shared_components.bus import Transactions, every, side_by_side
from shared_components.observability.tracing import current_traceparent


class MatterSchedule:
    @every(seconds=2)
    def sweep(self, transactions: Transactions) -> None:
        """Retries, polls, and what a crash left behind."""
        engine.sweep(engine_of(transactions))

    @every(seconds=5)
    def bootstrap_at_start(self, transactions: Transactions) -> None:
        """Until it has succeeded once in this process, for the tenants of services.matter.bootstrap_tenants."""
        done: set[str] = transactions.provider.bootstrapped
        for tenant in set(transactions.settings["bootstrap_tenants"]) - done:
            bootstrap_tenant(transactions, tenant)
            done.add(tenant)


def engine_of(transactions: Transactions) -> Engine:
    return Engine(transactions, KINDS, transactions.provider.components_for, ask_side_by_side)


def ask_side_by_side(do: Callable[[Work[Any]], Outcome], works: Sequence[Work[Any]]) -> Asked:
    """Ask for all works at once, each in the trace of its case."""
    def ask(work: Work[Any]) -> Outcome:
        current_traceparent.set(work.traceparent)
        return do(work)

    return side_by_side(ask, works)


def bootstrap_tenant(transactions: Transactions, tenant: str) -> BootstrappedView:
    """Publish the shipped definitions for a tenant, and put their templates."""
    components: Components = transactions.provider.components_for(tenant)
    return bootstrap(
        transactions, components.notifications, tenant=tenant, definitions=shipped_definitions(),
        templates=shipped_templates(),
    )
