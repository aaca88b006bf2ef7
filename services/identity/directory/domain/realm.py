"""A realm (平台域): one government's platform."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

PRODUCTION, SANDBOX = "production", "sandbox"
ENVIRONMENTS = (PRODUCTION, SANDBOX)


@dataclass(frozen=True, slots=True)
class Realm:
    """realm_id: the tenant id of its population. sandbox_tenant: that of its sandbox's population.

    department_id: the department that owns the population and approves portals; None until it is named.
    """

    realm_id: str
    name: str
    sandbox_tenant: str
    created_at: datetime
    department_id: str | None = None


@dataclass(frozen=True, slots=True)
class RealmTenant:
    """A tenant id of a realm. The entry never changes; who owns the tenant may."""

    tenant: str
    realm_id: str
    environment: str
