"""Subjects, the evidence on them, and how both change."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.identity.subjects.domain import states
from services.identity.subjects.domain.errors import SubjectNotActive
from services.identity.subjects.domain.levels import LevelTable, Standing
from shared_components.kernel.bilingual import Bilingual

REGISTERED, LEVEL_RAISED = "subject-registered", "level-raised"
EVIDENCE_ADDED = "evidence-added"


@dataclass(frozen=True)
class Subject:
    """A person or an organisation. What identifies it is not in its repr.

    id_type, id_number: the document it registered with. standing: what evidence has been confirmed, until when.
    revision: counts its changes, from 1. tenant: where it was registered first, by the app `registered_by`.
    population: the tenant of its realm's population; None until the migration has been there.
    merged_into: the subject that stands for it.
    """

    subject_id: str
    tenant: str
    kind: str
    name: str = field(repr=False)
    id_type: str
    id_number: str = field(repr=False)
    mobile: str | None = field(repr=False)
    email: str | None = field(repr=False)
    locale: str
    created_at: datetime
    state: str = states.ACTIVE
    standing: Standing = field(default_factory=dict)
    revision: int = 1
    population: str | None = None
    registered_by: str | None = None
    merged_into: str | None = None

    def require_active(self) -> None:
        if self.state != states.ACTIVE:
            raise SubjectNotActive(Bilingual(
                f"subject {self.subject_id} is '{self.state}'; only '{states.ACTIVE}' is allowed",
                f"主体 {self.subject_id} 的状态为“{self.state}”；只允许“{states.ACTIVE}”"))

    def moved_to(self, state: str) -> tuple[Subject, str]:
        """The subject in another state, and the event to tell. Raises IllegalTransition."""
        event = states.SUBJECT.move(self.state, state)
        return replace(self, state=state, revision=self.revision + 1), event

    def with_evidence(self, evidence: Evidence) -> Subject:
        """The subject with evidence counted. Later evidence of a kind replaces earlier, unless it ends sooner."""
        self.require_active()
        until = later(self.standing[evidence.kind], evidence.ends_at) if evidence.kind in self.standing else (
            evidence.ends_at)
        return replace(self, standing={**self.standing, evidence.kind: until}, revision=self.revision + 1)

    def level(self, table: LevelTable, at: datetime) -> int:
        return table.level_of(self.standing, at)


@dataclass(frozen=True)
class Evidence:
    """A confirmation by an authority about a subject.

    receipt: the authority's own number for its answer; with its name unique, so nothing counts twice.
    """

    evidence_id: str
    subject_id: str
    tenant: str
    kind: str
    authority: str
    receipt: str
    obtained_at: datetime
    ends_at: datetime | None
    brought_by: str


@dataclass(frozen=True)
class Change:
    """One line of a subject's history. what: an event's name; facts: without personal data."""

    what: str
    actor: str
    at: datetime
    facts: Mapping[str, str | int] = field(default_factory=dict)


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later end of two; None does not end."""
    return None if one is None or other is None else max(one, other)
