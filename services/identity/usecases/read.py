"""Queries. None grows with a subject's history."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.identity.domain.documents import china_today
from services.identity.domain.errors import JurisdictionUnknown, SubjectNotFound
from services.identity.domain.ports import IdentityUnit
from services.identity.domain.subject import Subject
from services.identity.usecases import views
from shared_components.kernel.paging import PagedList

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

EVIDENCE = PagedList[str]("identity.list_evidence", str)


def get_subject(unit: IdentityUnit, call: Call) -> dict[str, Any]:
    return views.masked(_subject(unit, call), unit.policy.levels, unit.clock.now())


def get_subject_for_case(unit: IdentityUnit, call: Call) -> dict[str, Any]:
    """Raises SubjectNotFound, SubjectNotActive: a frozen subject's data goes nowhere."""
    subject = _subject(unit, call)
    subject.require_active()
    return views.unmasked(subject, unit.policy.levels, unit.clock.now())


def find_subject(unit: IdentityUnit, call: Call) -> dict[str, Any]:
    """By document. Raises SubjectNotFound, NumberError, IdTypeUnknown, DocumentNumberInvalid."""
    data, now = call.data, unit.clock.now()
    number = unit.policy.documents.number(data["id_type"], data["id_number"], today=china_today(now))
    subject = unit.subjects.find(call.context.tenant, data["id_type"], number)
    if subject is None:
        raise SubjectNotFound("no subject is registered with this document")
    return views.masked(subject, unit.policy.levels, now)


def list_evidence(unit: IdentityUnit, call: Call) -> dict[str, Any]:
    """A page of what was confirmed about a subject, newest first."""
    subject = _subject(unit, call)
    page = EVIDENCE.asked(call.data, subject.tenant)
    found = unit.evidence.page(subject.tenant, subject.subject_id, before=page.after, limit=page.fetch)
    return page.reply(found, view=views.evidence, key=lambda evidence: evidence.evidence_id)


def list_levels(unit: IdentityUnit, call: Call) -> dict[str, Any]:
    wanted = call.data.get("jurisdiction") or unit.policy.levels.jurisdiction
    table = unit.policy.jurisdictions.get(wanted)
    if table is None:
        raise JurisdictionUnknown(
            f"jurisdiction is '{wanted}'; there are tables for {sorted(unit.policy.jurisdictions)}")
    return views.levels(table)


def _subject(unit: IdentityUnit, call: Call) -> Subject:
    subject = unit.subjects.get(call.context.tenant, call.data["subject_id"])
    if subject is None:
        raise SubjectNotFound
    return subject
