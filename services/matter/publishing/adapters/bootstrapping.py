"""Bootstrap with the shipped files."""
from __future__ import annotations

from services.matter.definitions.usecases.views import BootstrappedView
from services.matter.kinds.components import Components
from services.matter.publishing.adapters.shipped import shipped_definitions, shipped_templates
from services.matter.publishing.usecases.bootstrap import bootstrap
from shared_components.bus import Transactions


def bootstrap_tenant(transactions: Transactions, tenant: str) -> BootstrappedView:
    """Publish the shipped definitions for a tenant, and put their templates."""
    components: Components = transactions.provider.components_for(tenant)
    return bootstrap(
        transactions, components.notifications, tenant=tenant, definitions=shipped_definitions(),
        templates=shipped_templates(),
    )
