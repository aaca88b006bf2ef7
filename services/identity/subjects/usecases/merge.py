"""Merging subjects: at once by an operator, or by deciding a merge that the migration proposed."""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from services.identity.subjects.domain import merging
from services.identity.subjects.domain.errors import MergeNotFound, SubjectNotFound
from services.identity.subjects.domain.ports import (
    FollowsSubjects,
    HasMerges,
    HasPolicy,
    HasPopulations,
    HasSubjects,
)
from services.identity.subjects.domain.subject import Change, Subject
from services.identity.subjects.usecases import views
from services.identity.subjects.usecases.events import emit_merged
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView
from shared_components.kernel.transactions import HasClock, HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

MERGES = PagedList[str]("identity.list_merges", str)


class MergeTx(FollowsSubjects, HasClock, HasEvents, HasMerges, HasPolicy, HasPopulations, HasSubjects, Protocol):
    """The transaction of merging."""


@dataclass(frozen=True, slots=True)
class MergeSubjects:
    """subject_id stays; merged_id becomes an alias of it. reason: without personal data."""

    subject_id: str
    merged_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class DecideMerge:
    merge_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ListMerges:
    state: str = merging.PROPOSED
    limit: int = DEFAULT_LIMIT
    after: str | None = None


def merge_subjects(tx: MergeTx, command: MergeSubjects, context: CallContext) -> views.SubjectView:
    """Raises SubjectNotFound, MergeNotPossible."""
    now = tx.clock.now()
    # In one order, so that two merges of the same subjects do not wait for each other.
    locked = {each: _locked(tx, each, context) for each in sorted({command.subject_id, command.merged_id})}
    survivor, merged = merging.merge(locked[command.subject_id], locked[command.merged_id])
    facts = {"subject_id": survivor.subject_id, "merged_id": merged.subject_id, "reason": command.reason}
    for subject in (survivor, merged):
        tx.subjects.save(subject, Change(merging.MERGED, context.caller, now, facts))
    tx.merges.hand_over(merged, survivor, now)
    emit_merged(tx, survivor, merged, at=now)
    for follower in tx.subject_followers:
        follower.subject_merged(merged, survivor, context)
    return views.masked(survivor, tx.policy.levels, now, context.locale)


def confirm_merge(tx: MergeTx, command: DecideMerge, context: CallContext) -> views.SubjectView:
    """Raises MergeNotFound, IllegalTransition, MergeNotPossible."""
    proposal = _decide(tx, command, context, merging.CONFIRMED)
    return merge_subjects(tx, MergeSubjects(proposal.survivor_id, proposal.merged_id, command.reason), context)


def refuse_merge(tx: MergeTx, command: DecideMerge, context: CallContext) -> merging.Proposal:
    """Keep both subjects. Raises MergeNotFound, IllegalTransition."""
    return _decide(tx, command, context, merging.REFUSED)


def list_merges(tx: MergeTx, command: ListMerges, context: CallContext) -> PageView[views.MergeView]:
    """Merges to confirm, or decided ones, with both subjects masked."""
    population = _population(tx, context)
    page = MERGES.asked(command, population, command.state)
    found = tx.merges.page(population, state=command.state, after=page.after, limit=page.fetch)
    return page.view(found, view=lambda each: _view(tx, each, context), key=lambda each: each.merge_id)


def _decide(tx: MergeTx, command: DecideMerge, context: CallContext, state: str) -> merging.Proposal:
    proposal = tx.merges.lock(_population(tx, context), command.merge_id)
    if proposal is None:
        raise MergeNotFound
    proposal = proposal.decided(state, by=context.caller, at=tx.clock.now(), reason=command.reason)
    tx.merges.save(proposal)
    return proposal


def _view(tx: MergeTx, proposal: merging.Proposal, context: CallContext) -> views.MergeView:
    both = [tx.subjects.get(context.tenant, each) for each in (proposal.survivor_id, proposal.merged_id)]
    survivor, merged = both
    if survivor is None or merged is None:
        raise SubjectNotFound
    return views.merge(proposal, survivor, merged)


def _locked(tx: HasSubjects, subject_id: str, context: CallContext) -> Subject:
    subject = tx.subjects.lock(context.tenant, subject_id)
    if subject is None:
        raise SubjectNotFound
    return subject


def _population(tx: HasPopulations, context: CallContext) -> str:
    return tx.populations.of([context.tenant])[context.tenant]
