"""Subjects as callers may see them."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from services.identity.domain import states
from services.identity.domain.documents import PERSON, mask_number
from services.identity.domain.levels import LevelTable
from services.identity.domain.subject import Evidence, Subject
from shared_components.kernel.numbers import mask_email, mask_mobile, mask_name


def masked(subject: Subject, table: LevelTable, at: datetime) -> dict[str, Any]:
    """Enough for the subject to know itself by. What is public of an organisation is not masked."""
    person = subject.kind == PERSON
    return {
        **_public(subject, table, at),
        "name": mask_name(subject.name) if person else subject.name,
        "id_number": mask_number(subject.id_type, subject.id_number),
        "mobile": mask_mobile(subject.mobile) if subject.mobile else None,
        "email": mask_email(subject.email) if subject.email else None,
    }


def unmasked(subject: Subject, table: LevelTable, at: datetime) -> dict[str, Any]:
    """For a case that the subject has started, and nothing else."""
    return {
        **_public(subject, table, at),
        "name": subject.name, "id_number": subject.id_number, "mobile": subject.mobile, "email": subject.email,
    }


def evidence(item: Evidence) -> dict[str, Any]:
    return {
        "evidence_id": item.evidence_id, "kind": item.kind, "authority": item.authority, "receipt": item.receipt,
        "obtained_at": item.obtained_at, "ends_at": item.ends_at,
    }


def levels(table: LevelTable) -> dict[str, Any]:
    return {
        "jurisdiction": table.jurisdiction,
        "items": [
            {"level": rule.level, "name": rule.name, "name_en": rule.name_en, "evidence": list(rule.evidence),
             "valid_days": rule.valid_days}
            for rule in table.rules
        ],
    }


def _public(subject: Subject, table: LevelTable, at: datetime) -> dict[str, Any]:
    return {
        "subject_id": subject.subject_id, "kind": subject.kind, "id_type": subject.id_type,
        "level": subject.level(table, at), "state": subject.state, "state_label": states.LABELS[subject.state],
        "locale": subject.locale, "created_at": subject.created_at,
    }
