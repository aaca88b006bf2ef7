"""A licence, and the ways in which it changes. All of them go through the table in states.py."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from services.elicence.domain.states import ACTIVE, EXPIRED, ISSUED, LICENCE
from shared_components.kernel.numbers import LicenceIdentifier


@dataclass(frozen=True, slots=True)
class Holder:
    """The holder of a licence. key: blind index of the identity number within the tenant; finds, and keeps unique."""

    subject: str
    name: str
    id_type: str
    id_number: str
    key: str


@dataclass(frozen=True, slots=True)
class Licence:
    """state: as stored; `state_on(day)` is what holds.

    valid_until: the last day of validity, None for 长期. scope: what else sets licences of one type and holder apart
    (an address); empty when nothing does. revision: grows with each change. trust_grade: A issued here, B checked at
    a counter, C uploaded, D self-made.
    """

    licence_id: str
    tenant: str
    type_code: str
    type_name: str
    type_version: int
    identifier: LicenceIdentifier
    issuer_name: str
    holder: Holder
    valid_from: date
    valid_until: date | None
    issued_at: datetime
    state_changed_at: datetime
    content: Mapping[str, Any] = field(default_factory=dict)
    prior_identifier: str | None = None
    scope: str = ""
    trust_grade: str = "A"
    state: str = ISSUED
    state_reason: str = ""
    revision: int = 1

    def state_on(self, day: date) -> str:
        """The state that holds on a day: a licence past its end is expired before anybody has written it down."""
        if self.state in ACTIVE and self.valid_until is not None and self.valid_until < day:
            return EXPIRED
        return self.state

    def moved(self, target: str, *, reason: str, at: datetime, day: date) -> Change:
        """The licence in another state. Raises IllegalTransition."""
        return self._changed(self.state_on(day), target, reason, at)

    def moved_to_end(self, reason: str, at: datetime) -> Change:
        """Store the end that `state_on` has told already."""
        return self._changed(self.state, EXPIRED, reason, at)

    def _changed(self, source: str, target: str, reason: str, at: datetime) -> Change:
        event = LICENCE.move(source, target)
        after = replace(self, state=target, state_reason=reason, state_changed_at=at, revision=self.revision + 1)
        return Change(before=self, after=after, event=event, from_state=source)


@dataclass(frozen=True, slots=True)
class Change:
    """One step in a licence's life. from_state: what held, where `before.state` is what was stored."""

    before: Licence
    after: Licence
    event: str
    from_state: str
