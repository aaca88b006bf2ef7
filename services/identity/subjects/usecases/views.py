"""Subjects, evidence and levels as callers may see them."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.identity.subjects.domain import states
from services.identity.subjects.domain.documents import PERSON, mask_number
from services.identity.subjects.domain.levels import LevelTable
from services.identity.subjects.domain.merging import Proposal
from services.identity.subjects.domain.subject import Change, Evidence, Subject
from shared_components.kernel.bilingual import in_locale
from shared_components.kernel.numbers import mask_email, mask_mobile, mask_name


@dataclass(frozen=True, slots=True)
class SubjectView:
    subject_id: str
    kind: str
    name: str = field(repr=False)
    id_type: str
    id_number: str = field(repr=False)
    mobile: str | None = field(repr=False)
    email: str | None = field(repr=False)
    level: int
    state: str
    state_label: str
    locale: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class EvidenceView:
    evidence_id: str
    kind: str
    authority: str
    receipt: str
    obtained_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class LevelView:
    level: int
    name: str
    name_en: str
    evidence: Sequence[str]
    valid_days: int | None


@dataclass(frozen=True, slots=True)
class LevelsView:
    jurisdiction: str
    items: Sequence[LevelView]


@dataclass(frozen=True, slots=True)
class MergeView:
    """Two subjects with the same document. same_name: their names are equal, too."""

    merge_id: str
    state: str
    subject_id: str
    name: str = field(repr=False)
    merged_id: str
    merged_name: str = field(repr=False)
    same_name: bool
    tenant: str
    merged_tenant: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class SubjectChangeView:
    revision: int
    what: str
    facts: Mapping[str, str | int]
    actor: str
    at: datetime


def merge(proposal: Proposal, survivor: Subject, merged: Subject) -> MergeView:
    return MergeView(
        merge_id=proposal.merge_id, state=proposal.state, subject_id=survivor.subject_id, name=shown_name(survivor),
        merged_id=merged.subject_id, merged_name=shown_name(merged), same_name=survivor.name == merged.name,
        tenant=survivor.tenant, merged_tenant=merged.tenant, reason=proposal.reason)


def change(revision: int, item: Change) -> SubjectChangeView:
    return SubjectChangeView(revision, item.what, item.facts, item.actor, item.at)


def masked(subject: Subject, table: LevelTable, at: datetime, locale: str) -> SubjectView:
    """Enough for the subject to know itself by. What is public of an organisation is not masked.

    locale: the reader's, for the state's name.
    """
    return _view(
        subject, table, at, locale,
        name=shown_name(subject),
        id_number=mask_number(subject.id_type, subject.id_number),
        mobile=mask_mobile(subject.mobile) if subject.mobile else None,
        email=mask_email(subject.email) if subject.email else None,
    )


def unmasked(subject: Subject, table: LevelTable, at: datetime, locale: str) -> SubjectView:
    """For a case that the subject has started, and nothing else."""
    return _view(
        subject, table, at, locale,
        name=subject.name, id_number=subject.id_number, mobile=subject.mobile, email=subject.email,
    )


def evidence(item: Evidence) -> EvidenceView:
    return EvidenceView(
        evidence_id=item.evidence_id, kind=item.kind, authority=item.authority, receipt=item.receipt,
        obtained_at=item.obtained_at, ends_at=item.ends_at,
    )


def levels(table: LevelTable) -> LevelsView:
    return LevelsView(table.jurisdiction, [
        LevelView(rule.level, rule.name, rule.name_en, rule.evidence, rule.valid_days) for rule in table.rules])


def shown_name(subject: Subject) -> str:
    return mask_name(subject.name) if subject.kind == PERSON else subject.name


def _view(
    subject: Subject, table: LevelTable, at: datetime, reader: str, *, name: str, id_number: str, mobile: str | None,
    email: str | None,
) -> SubjectView:
    return SubjectView(
        subject_id=subject.subject_id, kind=subject.kind, name=name, id_type=subject.id_type, id_number=id_number,
        mobile=mobile, email=email, level=subject.level(table, at), state=subject.state,
        state_label=in_locale(states.LABELS[subject.state], reader), locale=subject.locale,
        created_at=subject.created_at,
    )
