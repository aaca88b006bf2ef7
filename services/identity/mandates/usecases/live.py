"""Mandates under which somebody may act now: what sessions, tokens and pages ask."""
from __future__ import annotations

from datetime import datetime

from services.identity.mandates.domain.mandate import Mandate
from services.identity.mandates.domain.ports import HasMandates


def live_mandate(tx: HasMandates, mandate_id: str, agent_id: str, at: datetime) -> Mandate | None:
    """The mandate, if this agent may act under it now; else None, whatever the reason."""
    found = tx.mandates.get(mandate_id)
    return found if found is not None and found.agent_id == agent_id and found.is_live(at) else None


def mandates_of_agent(tx: HasMandates, agent_id: str, at: datetime) -> list[Mandate]:
    """The mandates under which this agent may act now, oldest first."""
    return [each for each in tx.mandates.active_of_agent(agent_id) if each.is_live(at)]
