"""Facts of webhooks and deliveries, by which a permit decides."""
from __future__ import annotations

from shared_components.security.authority import Facts
from shared_components.webhooks.keeping import OPERATOR


def webhook_facts(tenant: str, app: str | None) -> Facts:
    """Give the facts of a webhook, or of a delivery to one. app: None is of all apps, and then an operator's."""
    return Facts(tenant, made_by=app or OPERATOR)
