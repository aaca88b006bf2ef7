"""Queries. None grows with a subject's history."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.identity.subjects.domain.documents import china_today
from services.identity.subjects.domain.errors import JurisdictionUnknown, SubjectNotFound
from services.identity.subjects.domain.ports import HasEvidence, HasPolicy, HasSubjects
from services.identity.subjects.domain.subject import Subject
from services.identity.subjects.usecases import views
from services.identity.subjects.usecases.lookups import the_subject
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.errors import AppError
from shared_components.kernel.method_rules import PLATFORM
from shared_components.kernel.outcomes import attempt
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView
from shared_components.kernel.transactions import HasClock
from shared_components.security.authority.disclosures import note_use

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call, CallContext

EVIDENCE = PagedList[str]("identity.list_evidence", str)


class GetSubjectTx(HasClock, HasPolicy, HasSubjects, Protocol):
    """The transaction of reading a subject."""


class ListEvidenceTx(HasEvidence, HasSubjects, Protocol):
    """The transaction of listing evidence."""


@dataclass(frozen=True, slots=True)
class GetSubject:
    subject_id: str


@dataclass(frozen=True, slots=True)
class GetSubjectForCase:
    subject_id: str
    purpose: str


@dataclass(frozen=True, slots=True)
class FindSubject:
    id_type: str
    id_number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListEvidence:
    subject_id: str
    limit: int = DEFAULT_LIMIT
    after: str | None = None


@dataclass(frozen=True, slots=True)
class ListLevels:
    """jurisdiction: None is the platform's own."""

    jurisdiction: str | None = None


def get_subjects(tx: GetSubjectTx, calls: Sequence[Call[GetSubject]]) -> list[views.SubjectView | AppError]:
    """Give each call its subject, or SubjectNotFound."""
    now, levels = tx.clock.now(), tx.policy.levels
    found = tx.subjects.read([(call.context, call.data.subject_id) for call in calls])
    return [
        subject if isinstance(subject, AppError) else views.masked(subject, levels, now, call.context.locale)
        for call, subject in zip(calls, found, strict=True)
    ]


def get_subjects_for_cases(
    tx: GetSubjectTx, calls: Sequence[Call[GetSubjectForCase]],
) -> list[views.SubjectView | AppError]:
    """Give each call its subject, or SubjectNotFound, SubjectNotActive: a frozen subject's data goes nowhere."""
    now = tx.clock.now()
    found = tx.subjects.read([(call.context, call.data.subject_id) for call in calls])
    return [
        subject if isinstance(subject, AppError) else attempt(_for_case, tx, subject, now, call.context.locale)
        for call, subject in zip(calls, found, strict=True)
    ]


def _for_case(tx: HasPolicy, subject: Subject, now: datetime, locale: str) -> views.SubjectView:
    subject.require_active()
    return views.unmasked(subject, tx.policy.levels, now, locale)


def find_subject(tx: GetSubjectTx, command: FindSubject, context: CallContext) -> views.SubjectView:
    """By document. Raises SubjectNotFound, NumberError, IdTypeUnknown, DocumentNumberInvalid."""
    now = tx.clock.now()
    number = tx.policy.documents.number(command.id_type, command.id_number, today=china_today(now))
    subject = tx.subjects.find(context.tenant, command.id_type, number)
    if subject is None:
        raise SubjectNotFound(Bilingual(
            "no subject is registered with this document",
            "没有以该证件登记的主体"))
    if subject.tenant != context.tenant:
        note_use(context, PLATFORM, owner=subject.tenant, thing=subject.subject_id)
    return views.masked(subject, tx.policy.levels, now, context.locale)


def list_evidence(
    tx: ListEvidenceTx, command: ListEvidence, context: CallContext,
) -> PageView[views.EvidenceView]:
    """A page of what was confirmed about a subject, newest first. Raises SubjectNotFound."""
    subject = the_subject(tx, command.subject_id, context)
    page = EVIDENCE.asked(command, subject.tenant)
    found = tx.evidence.page(subject.subject_id, before=page.after, limit=page.fetch)
    return page.view(found, view=views.evidence, key=lambda evidence: evidence.evidence_id)


def list_levels(tx: HasPolicy, command: ListLevels, context: CallContext) -> views.LevelsView:
    """Raises JurisdictionUnknown."""
    wanted = command.jurisdiction or tx.policy.levels.jurisdiction
    table = tx.policy.jurisdictions.get(wanted)
    if table is None:
        raise JurisdictionUnknown(Bilingual(
            f"jurisdiction is '{wanted}'; there are tables for {sorted(tx.policy.jurisdictions)}",
            f"地区为“{wanted}”；已配置等级表的地区为{listed_zh(sorted(tx.policy.jurisdictions))}"))
    return views.levels(table)
