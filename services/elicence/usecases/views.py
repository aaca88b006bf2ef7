"""What callers are shown of the domain's objects."""
from __future__ import annotations

from datetime import date
from typing import Any

from services.elicence.domain.licence import Licence
from services.elicence.domain.licence_type import LicenceType
from services.elicence.domain.states import LABELS
from shared_components.kernel.numbers import mask_name, mask_resident_id


def licence_view(licence: Licence, day: date) -> dict[str, Any]:
    """day: the state is the one that holds on it. Name and number of the holder are masked."""
    state = licence.state_on(day)
    return {
        "licence_id": licence.licence_id,
        "identifier": licence.identifier.text,
        "prior_identifier": licence.prior_identifier,
        "type_code": licence.type_code,
        "type_name": licence.type_name,
        "version": licence.identifier.version,
        "issuer_code": licence.identifier.issuer,
        "issuer_name": licence.issuer_name,
        "holder_subject": licence.holder.subject,
        "holder_name": mask_name(licence.holder.name),
        "holder_id_type": licence.holder.id_type,
        "holder_id_number": mask_resident_id(licence.holder.id_number),
        "scope": licence.scope,
        "state": state,
        "state_label": LABELS[state],
        "state_reason": licence.state_reason,
        "state_changed_at": licence.state_changed_at,
        "issued_at": licence.issued_at,
        "valid_from": licence.valid_from,
        "valid_until": licence.valid_until,
        "trust_grade": licence.trust_grade,
        "content": dict(licence.content),
    }


def type_view(kind: LicenceType) -> dict[str, Any]:
    return {
        "type_code": kind.type_code,
        "name": kind.name,
        "issuer_code": kind.issuer_code,
        "issuer_name": kind.issuer_name,
        "validity_years": list(kind.validity_years),
        "fields": [
            {"name": r.name, "title": r.title, "data_class": r.data_class, "required": r.required} for r in kind.fields
        ],
        "version": kind.version,
    }
