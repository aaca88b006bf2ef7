"""Mandates as their two sides may see them."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from services.identity.mandates.domain import states
from services.identity.mandates.domain.mandate import Change, Mandate
from shared_components.kernel.bilingual import in_locale


@dataclass(frozen=True, slots=True)
class MandateView:
    """Names of persons are masked; the name of an organisation is public."""

    mandate_id: str
    kind: str
    principal_id: str
    principal_name: str = field(repr=False)
    agent_id: str | None
    agent_name: str = field(repr=False)
    scopes: Sequence[str]
    matters: Sequence[str]
    limit_minor: int | None
    valid_from: date
    valid_until: date | None
    state: str
    state_label: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MandateChangeView:
    revision: int
    what: str
    facts: Mapping[str, str | int | None]
    at: datetime


def mandate(it: Mandate, locale: str) -> MandateView:
    terms = it.terms
    return MandateView(
        mandate_id=it.mandate_id, kind=it.kind, principal_id=it.principal_id, principal_name=it.principal_name,
        agent_id=it.agent_id, agent_name=it.agent_name, scopes=sorted(terms.scopes), matters=sorted(terms.matters),
        limit_minor=terms.limit_minor, valid_from=terms.valid_from, valid_until=terms.valid_until, state=it.state,
        state_label=in_locale(states.LABELS[it.state], locale), created_at=it.created_at)


def change(it: Change) -> MandateChangeView:
    return MandateChangeView(it.revision, it.what, it.facts, it.at)
