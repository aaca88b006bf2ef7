"""Licences as rows, and rows as licences."""
from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from services.elicence.adapters.secrecy import KeyedSecrecy
from services.elicence.domain.licence import Change, Licence
from shared_components.kernel.numbers import LicenceIdentifier


def to_values(licence: Licence, secrecy: KeyedSecrecy) -> dict[str, Any]:
    return {
        "licence_id": licence.licence_id,
        "tenant_id": licence.tenant,
        "identifier": licence.identifier.text,
        "prior_identifier": licence.prior_identifier,
        "type_code": licence.type_code,
        "type_version": licence.type_version,
        "type_name": licence.type_name,
        "issuer_name": licence.issuer_name,
        "holder_subject": licence.holder.subject,
        "holder_id_type": licence.holder.id_type,
        "holder_key": licence.holder.key,
        "scope": licence.scope,
        "sealed": secrecy.seal(licence),
        "trust_grade": licence.trust_grade,
        "state": licence.state,
        "state_reason": licence.state_reason,
        "state_changed_at": licence.state_changed_at,
        "issued_at": licence.issued_at,
        "valid_from": licence.valid_from,
        "valid_until": licence.valid_until,
        "revision": licence.revision,
    }


def to_licence(row: Row[Any], secrecy: KeyedSecrecy) -> Licence:
    opened = secrecy.open(row.sealed, row.licence_id)
    return Licence(
        licence_id=row.licence_id,
        tenant=row.tenant_id,
        type_code=row.type_code,
        type_name=row.type_name,
        type_version=row.type_version,
        identifier=LicenceIdentifier.parse(row.identifier),
        issuer_name=row.issuer_name,
        holder=secrecy.holder(opened, subject=row.holder_subject, id_type=row.holder_id_type, key=row.holder_key),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        issued_at=row.issued_at,
        state_changed_at=row.state_changed_at,
        content=opened["content"],
        prior_identifier=row.prior_identifier,
        scope=row.scope,
        trust_grade=row.trust_grade,
        state=row.state,
        state_reason=row.state_reason,
        revision=row.revision,
    )


def history_values(change: Change, actor: str) -> dict[str, Any]:
    after = change.after
    return {
        "licence_id": after.licence_id,
        "revision": after.revision,
        "tenant_id": after.tenant,
        "from_state": change.from_state,
        "to_state": after.state,
        "reason": after.state_reason,
        "actor": actor,
        "at": after.state_changed_at,
    }
