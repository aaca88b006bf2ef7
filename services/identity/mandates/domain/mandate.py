"""A mandate, and how it changes."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from services.identity.mandates.domain import states
from services.identity.mandates.domain.scopes import shared_scopes
from services.identity.subjects.domain.documents import CHINA, china_today
from shared_components.kernel import acting

REPRESENTATIVE, MANAGER, HANDLER = "representative", "manager", "handler"
KINDS = (REPRESENTATIVE, MANAGER, HANDLER)
"""Legal representative (法定代表人), manager (管理员) who may appoint handlers, handler (经办人)."""
APPOINTING = frozenset({REPRESENTATIVE, MANAGER})
PROPOSAL_DAYS = 30
"""A proposal that nobody has accepted by then expires."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a mandate.

    scopes: resources, or `*`. matters: item codes of matters it is limited to; empty: no such limit.
    limit_minor: the largest amount, None: no limit. valid_from, valid_until: first and last day; None: no end.
    """

    scopes: frozenset[str]
    valid_from: date
    matters: frozenset[str] = frozenset()
    limit_minor: int | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Mandate:
    """population: the tenant of the realm's population, to which principal and agent belong.

    agent_id: None until somebody with the document that the principal named accepts. agent_key: keyed hash of that
    document and name. names: as they may be shown to both sides. appointed_by: subject of the person who appointed.
    successor_id: the mandate that follows this one after a merge of subjects.
    """

    mandate_id: str
    population: str
    kind: str
    principal_id: str
    agent_id: str | None
    agent_key: str = field(repr=False)
    terms: Terms
    appointed_by: str
    created_at: datetime
    principal_name: str = field(repr=False, default="")
    agent_name: str = field(repr=False, default="")
    state: str = states.PROPOSED
    revision: int = 1
    successor_id: str | None = None

    @property
    def appoints(self) -> bool:
        return self.kind in APPOINTING

    @property
    def begins_at(self) -> datetime:
        return _midnight(self.terms.valid_from)

    @property
    def ends_at(self) -> datetime | None:
        """The end of its last day; no token that names the mandate lives longer. None: it does not end."""
        until = self.terms.valid_until
        return None if until is None else _midnight(until + _DAY)

    def is_live(self, at: datetime) -> bool:
        """Tell whether its agent may act under it now."""
        return self.state == states.ACTIVE and self.begins_at <= at and (self.ends_at is None or at < self.ends_at)

    def is_due(self, at: datetime) -> bool:
        """Tell whether it has to expire: its period is over, or nobody has accepted it in time."""
        if self.state not in states.OPEN:
            return False
        late = self.state == states.PROPOSED and at >= self.created_at + timedelta(days=PROPOSAL_DAYS)
        return late or (self.ends_at is not None and at >= self.ends_at)

    def for_session(self, scopes: Collection[str]) -> acting.Mandate:
        """The mandate as a token of a session with these scopes names it: never wider than the session or itself."""
        return acting.Mandate(
            self.mandate_id, shared_scopes(self.terms.scopes, scopes, appoints=self.appoints), self.terms.matters,
            self.terms.limit_minor)

    def accepted(self, agent_id: str) -> Mandate:
        """Raises IllegalTransition."""
        return replace(self.in_state(states.ACTIVE), agent_id=agent_id)

    def in_state(self, state: str) -> Mandate:
        """Raises IllegalTransition."""
        states.MANDATE.move(self.state, state)
        return replace(self, state=state, revision=self.revision + 1)

    def renewed(self, valid_until: date | None) -> Mandate:
        """The mandate with a later end, after the register has confirmed it again."""
        return replace(self, terms=replace(self.terms, valid_until=valid_until), revision=self.revision + 1)

    def moved(self, new_id: str, *, principal_id: str, agent_id: str | None) -> tuple[Mandate, Mandate]:
        """The ended mandate, and the one that follows it between the subjects that stay after a merge."""
        ended = replace(self.in_state(states.ENDED), successor_id=new_id)
        return ended, replace(self, mandate_id=new_id, principal_id=principal_id, agent_id=agent_id, revision=1)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a mandate's history. facts: without personal data."""

    mandate_id: str
    revision: int
    population: str
    what: str
    actor: str
    at: datetime
    facts: Mapping[str, str | int | None] = field(default_factory=dict)


def is_over(terms: Terms, at: datetime) -> bool:
    """Tell whether a period ends before it begins, or has ended."""
    until = terms.valid_until
    return until is not None and (until < terms.valid_from or until < china_today(at))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA).astimezone(UTC)
