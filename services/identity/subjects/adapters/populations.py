"""Populations of realms, read from the directory's tables."""
from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import case, column, select, table
from sqlalchemy.orm import Session

# By name: the directory is a later topic, and its models are not imported here.
TENANTS = table("realm_tenants", column("tenant"), column("realm_id"), column("environment"))
REALMS = table("realms", column("tenant_id"), column("sandbox_tenant"))
POPULATION = case((TENANTS.c.environment == "sandbox", REALMS.c.sandbox_tenant), else_=REALMS.c.tenant_id)
_OF = select(TENANTS.c.tenant, POPULATION.label("population")).join(
    REALMS, REALMS.c.tenant_id == TENANTS.c.realm_id)


class SqlPopulations:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, str] = {}

    def of(self, tenants: Collection[str]) -> Mapping[str, str]:
        """One statement for those that this transaction has not asked yet."""
        unknown = {tenant for tenant in tenants if tenant not in self._known}
        if unknown:
            self._known |= {tenant: tenant for tenant in unknown}
            self._known |= {
                row.tenant: row.population
                for row in self._session.execute(_OF.where(TENANTS.c.tenant.in_(sorted(unknown))))}
        return self._known
