"""Queries. None grows with a subject's history."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.identity.domain.documents import china_today
from services.identity.domain.errors import JurisdictionUnknown, SubjectNotFound
from services.identity.domain.ports import IdentityTransaction
from services.identity.domain.subject import Subject
from services.identity.usecases import views
from shared_components.kernel.paging import PagedList

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

EVIDENCE = PagedList[str]("identity.list_evidence", str)


def get_subject(tx: IdentityTransaction, call: Call) -> dict[str, Any]:
    return views.masked(_subject(tx, call), tx.policy.levels, tx.clock.now())


def get_subject_for_case(tx: IdentityTransaction, call: Call) -> dict[str, Any]:
    """Raises SubjectNotFound, SubjectNotActive: a frozen subject's data goes nowhere."""
    subject = _subject(tx, call)
    subject.require_active()
    return views.unmasked(subject, tx.policy.levels, tx.clock.now())


def find_subject(tx: IdentityTransaction, call: Call) -> dict[str, Any]:
    """By document. Raises SubjectNotFound, NumberError, IdTypeUnknown, DocumentNumberInvalid."""
    data, now = call.data, tx.clock.now()
    number = tx.policy.documents.number(data["id_type"], data["id_number"], today=china_today(now))
    subject = tx.subjects.find(call.context.tenant, data["id_type"], number)
    if subject is None:
        raise SubjectNotFound("no subject is registered with this document")
    return views.masked(subject, tx.policy.levels, now)


def list_evidence(tx: IdentityTransaction, call: Call) -> dict[str, Any]:
    """A page of what was confirmed about a subject, newest first."""
    subject = _subject(tx, call)
    page = EVIDENCE.asked(call.data, subject.tenant)
    found = tx.evidence.page(subject.tenant, subject.subject_id, before=page.after, limit=page.fetch)
    return page.reply(found, view=views.evidence, key=lambda evidence: evidence.evidence_id)


def list_levels(tx: IdentityTransaction, call: Call) -> dict[str, Any]:
    wanted = call.data.get("jurisdiction") or tx.policy.levels.jurisdiction
    table = tx.policy.jurisdictions.get(wanted)
    if table is None:
        raise JurisdictionUnknown(
            f"jurisdiction is '{wanted}'; there are tables for {sorted(tx.policy.jurisdictions)}")
    return views.levels(table)


def _subject(tx: IdentityTransaction, call: Call) -> Subject:
    subject = tx.subjects.get(call.context.tenant, call.data["subject_id"])
    if subject is None:
        raise SubjectNotFound
    return subject
