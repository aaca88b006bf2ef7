"""Rows of subjects and evidence, from and to the domain."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.identity.subjects.adapters.field_encryption import FieldEncryption
from services.identity.subjects.domain.levels import Standing
from services.identity.subjects.domain.subject import Change, Evidence, Subject
from services.identity.subjects.models import EvidenceRow, SubjectRow


def subject_row(subject: Subject, cipher: FieldEncryption) -> dict[str, Any]:
    def seal(field: str, text: str | None) -> bytes | None:
        return cipher.seal(subject.subject_id, field, text) if text else None

    return {
        "subject_id": subject.subject_id, "tenant_id": subject.tenant, "kind": subject.kind,
        "state": subject.state, "standing": standing_out(subject.standing), "primary_id_type": subject.id_type,
        "name": seal("name", subject.name), "mobile": seal("mobile", subject.mobile),
        "email": seal("email", subject.email), "locale": subject.locale, "revision": subject.revision,
        "created_at": subject.created_at, "updated_at": subject.created_at,
        "population": subject.population, "registered_by": subject.registered_by, "merged_into": subject.merged_into,
    }


def document_row(subject: Subject, cipher: FieldEncryption) -> dict[str, Any]:
    return {
        "subject_id": subject.subject_id, "id_type": subject.id_type, "tenant_id": subject.tenant,
        "number": cipher.seal(subject.subject_id, "id_number", subject.id_number),
        "number_index": cipher.index(subject.tenant, subject.id_type, subject.id_number),
        "population": subject.population,
        "population_index": subject.population and cipher.index(
            subject.population, subject.id_type, subject.id_number),
    }


def subject_of(row: SubjectRow, number: bytes, cipher: FieldEncryption) -> Subject:
    """number: the ciphertext of its document's number."""
    def opened(field: str, data: bytes) -> str:
        return cipher.open(row.subject_id, field, data)

    return Subject(
        subject_id=row.subject_id, tenant=row.tenant_id, kind=row.kind, name=opened("name", row.name),
        id_type=row.primary_id_type, id_number=opened("id_number", number),
        mobile=opened("mobile", row.mobile) if row.mobile else None,
        email=opened("email", row.email) if row.email else None,
        locale=row.locale, created_at=row.created_at, state=row.state, standing=standing_in(row.standing),
        revision=row.revision, population=row.population, registered_by=row.registered_by,
        merged_into=row.merged_into,
    )


def change_row(subject: Subject, change: Change) -> dict[str, Any]:
    return {
        "subject_id": subject.subject_id, "revision": subject.revision, "tenant_id": subject.tenant,
        "what": change.what, "facts": dict(change.facts), "actor": change.actor, "at": change.at,
    }


def evidence_row(evidence: Evidence) -> dict[str, Any]:
    return {
        "evidence_id": evidence.evidence_id, "subject_id": evidence.subject_id, "tenant_id": evidence.tenant,
        "kind": evidence.kind, "authority": evidence.authority, "receipt": evidence.receipt,
        "obtained_at": evidence.obtained_at, "ends_at": evidence.ends_at, "brought_by": evidence.brought_by,
    }


def evidence_of(row: EvidenceRow) -> Evidence:
    return Evidence(
        evidence_id=row.evidence_id, subject_id=row.subject_id, tenant=row.tenant_id, kind=row.kind,
        authority=row.authority, receipt=row.receipt, obtained_at=row.obtained_at, ends_at=row.ends_at,
        brought_by=row.brought_by,
    )


def standing_out(standing: Standing) -> dict[str, str | None]:
    return {kind: until.isoformat() if until else None for kind, until in standing.items()}


def standing_in(stored: Mapping[str, str | None]) -> dict[str, datetime | None]:
    return {kind: datetime.fromisoformat(until) if until else None for kind, until in stored.items()}
