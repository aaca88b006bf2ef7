"""Adding evidence: ask the authority outside of any transaction, then count its answer once."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from services.identity.subjects.domain.errors import EvidenceNotAllowed, SubjectNotFound
from services.identity.subjects.domain.levels import COUNTER_CHECK
from services.identity.subjects.domain.ports import Authority, Claim, Confirmation, HasEvidence, HasPolicy, HasSubjects
from services.identity.subjects.domain.subject import EVIDENCE_ADDED, Change, Evidence, Subject
from services.identity.subjects.usecases import views
from services.identity.subjects.usecases.events import emit_level_raised
from services.identity.subjects.usecases.lookups import the_subject
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import Begins, HasClock, HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

COUNTER_CALLERS = ("operator",)


class AddEvidenceTx(HasClock, HasEvents, HasEvidence, HasPolicy, HasSubjects, Protocol):
    """The transactions of adding evidence."""


@dataclass(frozen=True, slots=True)
class AddEvidence:
    """data: what the authority needs for this kind, such as a token; passed on and not stored."""

    subject_id: str
    kind: str
    data: Mapping[str, str] = field(repr=False)


def add_evidence(
    transactions: Begins[AddEvidenceTx], authority: Authority, command: AddEvidence, context: CallContext,
) -> views.SubjectView:
    """The subject as it stands afterwards.

    Raises SubjectNotFound, SubjectNotActive, EvidenceNotAllowed, EvidenceRefused, AuthorityUnavailable.
    """
    kind, tenant, caller = command.kind, context.tenant, context.caller
    if kind == COUNTER_CHECK and caller not in COUNTER_CALLERS:
        raise EvidenceNotAllowed(Bilingual(
            f"evidence '{kind}' is brought by '{caller}'; only {', '.join(COUNTER_CALLERS)} may bring it",
            f"核验方式“{kind}”由“{caller}”提交；只有{listed_zh(COUNTER_CALLERS)}可以提交"))
    with transactions.begin(tenant) as tx:
        subject = the_subject(tx, command.subject_id, context)
        subject.require_active()
    claim = Claim(kind, subject.id_type, subject.id_number, subject.name, command.data)
    # The operation id as the key: if we die before the commit, the repeated call gets the same receipt.
    confirmation = authority.confirm(claim, key=f"{subject.subject_id}/{caller}/{context.op_id}")
    with transactions.begin(tenant) as tx:
        return count_evidence(tx, kind, context, confirmation, subject.subject_id)


def count_evidence(
    tx: AddEvidenceTx, kind: str, context: CallContext, confirmation: Confirmation, subject_id: str,
) -> views.SubjectView:
    """Count what an authority has confirmed, once. Raises SubjectNotFound, SubjectNotActive."""
    now, table = tx.clock.now(), tx.policy.levels
    subject = _active(tx.subjects.lock(context.tenant, subject_id))
    if tx.evidence.has(confirmation.authority, confirmation.receipt, subject.subject_id):
        return views.masked(subject, table, now, context.locale)
    evidence = Evidence(
        evidence_id=new_id("evi"), subject_id=subject.subject_id, tenant=subject.tenant, kind=kind,
        authority=confirmation.authority, receipt=confirmation.receipt, obtained_at=now,
        ends_at=table.ends_at(kind, now), brought_by=context.caller,
    )
    tx.evidence.add(evidence)
    before, subject = subject.level(table, now), subject.with_evidence(evidence)
    level = subject.level(table, now)
    tx.subjects.save(subject, Change(
        EVIDENCE_ADDED, context.caller, now, {"kind": kind, "level_before": before, "level": level}))
    if level > before:
        emit_level_raised(tx, subject, level_before=before, level=level, evidence_kind=kind, at=now)
    return views.masked(subject, table, now, context.locale)


def _active(subject: Subject | None) -> Subject:
    if subject is None:
        raise SubjectNotFound
    subject.require_active()
    return subject
