"""Adding evidence: ask the authority outside of any transaction, then count its answer once."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.identity.domain.errors import EvidenceNotAllowed, SubjectNotFound
from services.identity.domain.levels import COUNTER_CHECK
from services.identity.domain.ports import Authority, Claim, Confirmation, IdentityTransaction, Transactions
from services.identity.domain.subject import EVIDENCE_ADDED, LEVEL_RAISED, Change, Evidence, Subject
from services.identity.usecases import views
from shared_components.kernel.ids import new_id

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

COUNTER_CALLERS = ("operator",)


def add_evidence(transactions: Transactions, authority: Authority, call: Call) -> dict[str, Any]:
    """The subject as it stands afterwards.

    Raises SubjectNotFound, SubjectNotActive, EvidenceNotAllowed, EvidenceRefused, AuthorityUnavailable.
    """
    kind, tenant, caller = call.data["kind"], call.context.tenant, call.context.caller
    if kind == COUNTER_CHECK and caller not in COUNTER_CALLERS:
        raise EvidenceNotAllowed(
            f"evidence '{kind}' is brought by '{caller}'; only {', '.join(COUNTER_CALLERS)} may bring it")
    with transactions.begin(tenant) as tx:
        subject = _active(tx.subjects.get(tenant, call.data["subject_id"]))
    claim = Claim(kind, subject.id_type, subject.id_number, subject.name, call.data["data"])
    # The operation id as the key: if we die before the commit, the repeated call gets the same receipt.
    confirmation = authority.confirm(claim, key=f"{subject.subject_id}/{caller}/{call.context.op_id}")
    with transactions.begin(tenant) as tx:
        return _count(tx, call, kind, confirmation)


def _count(tx: IdentityTransaction, call: Call, kind: str, confirmation: Confirmation) -> dict[str, Any]:
    context, now, table = call.context, tx.clock.now(), tx.policy.levels
    subject = _active(tx.subjects.lock(context.tenant, call.data["subject_id"]))
    if tx.evidence.has(confirmation.authority, confirmation.receipt, subject.subject_id):
        return views.masked(subject, table, now)
    evidence = Evidence(
        evidence_id=new_id("evi"), subject_id=subject.subject_id, tenant=context.tenant, kind=kind,
        authority=confirmation.authority, receipt=confirmation.receipt, obtained_at=now,
        ends_at=table.ends_at(kind, now), brought_by=context.caller,
    )
    tx.evidence.add(evidence)
    before, subject = subject.level(table, now), subject.with_evidence(evidence)
    level = subject.level(table, now)
    tx.subjects.save(subject, Change(
        EVIDENCE_ADDED, context.caller, now, {"kind": kind, "level_before": before, "level": level}))
    if level > before:
        tx.events.record(
            LEVEL_RAISED, aggregate=subject.subject_id, tenant=context.tenant, sequence=subject.revision,
            data={"subject_id": subject.subject_id, "level_before": before, "level": level, "evidence_kind": kind,
                  "raised_at": now},
        )
    return views.masked(subject, table, now)


def _active(subject: Subject | None) -> Subject:
    if subject is None:
        raise SubjectNotFound
    subject.require_active()
    return subject
