"""Merging two subjects that are one person or organisation, and the proposals to do so."""
from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.identity.subjects.domain import states
from services.identity.subjects.domain.errors import MergeNotPossible
from services.identity.subjects.domain.levels import Standing
from services.identity.subjects.domain.subject import Subject, later
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.states import Edge, StateMachine

MERGED = "subject-merged"
PROPOSED, CONFIRMED, REFUSED = "proposed", "confirmed", "refused"
MERGE_CONFIRMED, MERGE_REFUSED = "merge-confirmed", "merge-refused"
MERGE = StateMachine(
    "merge", initial=PROPOSED,
    edges=[Edge(PROPOSED, CONFIRMED, MERGE_CONFIRMED), Edge(PROPOSED, REFUSED, MERGE_REFUSED)],
    final=[CONFIRMED, REFUSED],
)


@dataclass(frozen=True)
class Proposal:
    """Two subjects of a population with the same document. reason: of the decision, without personal data."""

    merge_id: str
    population: str
    survivor_id: str
    merged_id: str
    proposed_at: datetime
    state: str = PROPOSED
    decided_at: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None

    def decided(self, state: str, *, by: str, at: datetime, reason: str) -> Proposal:
        """Raises IllegalTransition for a proposal that is decided."""
        MERGE.move(self.state, state)
        return replace(self, state=state, decided_at=at, decided_by=by, reason=reason)


def merge(survivor: Subject, other: Subject) -> tuple[Subject, Subject]:
    """Give the survivor, and the other one as merged into it.

    Frozen wins: the survivor is frozen when one of the two is. Evidence joins, the later end for each kind, only where
    name and document are equal: evidence was given for these, so a merge never lifts a level by another document.
    Raises MergeNotPossible.
    """
    _require_mergeable(survivor, other)
    same = (survivor.name, survivor.id_type, survivor.id_number) == (other.name, other.id_type, other.id_number)
    frozen = states.FROZEN in (survivor.state, other.state)
    return (
        replace(
            survivor, revision=survivor.revision + 1, state=states.FROZEN if frozen else survivor.state,
            standing=_joined(survivor.standing, other.standing) if same else survivor.standing),
        replace(other, revision=other.revision + 1, state=states.CLOSED, merged_into=survivor.subject_id),
    )


def _require_mergeable(survivor: Subject, other: Subject) -> None:
    ids = f"{survivor.subject_id}, {other.subject_id}"
    if survivor.subject_id == other.subject_id or survivor.kind != other.kind:
        raise MergeNotPossible(Bilingual(
            f"subjects {ids} are the same, or of two kinds; two subjects of one kind are allowed",
            f"主体 {ids} 相同或类别不同；只能合并同一类别的两个主体"))
    if survivor.population is None or survivor.population != other.population:
        raise MergeNotPossible(Bilingual(
            f"subjects {ids} are of two populations, or not migrated yet; one population is allowed",
            f"主体 {ids} 不属于同一平台域，或尚未迁移；只能合并同一平台域的主体"))
    if states.CLOSED in (survivor.state, other.state):
        raise MergeNotPossible(Bilingual(
            f"one of the subjects {ids} is closed; only active and frozen ones are allowed",
            f"主体 {ids} 中有已注销的；只能合并正常或冻结的主体"))


def _joined(one: Standing, other: Standing) -> Standing:
    both = one.keys() & other.keys()
    return {**one, **other, **{kind: later(one[kind], other[kind]) for kind in both}}
