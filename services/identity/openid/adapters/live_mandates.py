"""Mandates as the token endpoint asks for them."""
from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from services.identity.mandates.domain.ports import HasMandates
from services.identity.mandates.usecases.live import live_mandate
from services.identity.openid.domain.scopes import of_resources
from services.identity.sessions.domain.grant import ActsFor


class LiveMandates:
    """Reads mandates of the same transaction."""

    def __init__(self, tx: HasMandates) -> None:
        self._tx = tx

    def acts_for(
        self, mandate_id: str, agent_id: str, scopes: Collection[str], *, at: datetime,
    ) -> ActsFor | None:
        found = live_mandate(self._tx, mandate_id, agent_id, at)
        if found is None:
            return None
        return ActsFor(found.principal_id, found.for_session(of_resources(scopes)), found.ends_at)
