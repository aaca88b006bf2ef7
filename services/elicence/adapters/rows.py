"""Rows of elicence, from and to the domain."""
from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from services.elicence.adapters.field_encryption import FieldEncryption
from services.elicence.domain.licence import Change, Holder, Licence
from services.elicence.domain.licence_type import FieldRule, LicenceType
from services.elicence.domain.presentation import Presentation
from shared_components.kernel.numbers import LicenceIdentifier
from shared_components.security.authority import Facts


def licence_row(licence: Licence, cipher: FieldEncryption) -> dict[str, Any]:
    holder = licence.holder
    personal = {"name": holder.name, "number": holder.id_number, "content": dict(licence.content)}
    return {
        "licence_id": licence.licence_id,
        "tenant_id": licence.tenant,
        "identifier": licence.identifier.text,
        "prior_identifier": licence.prior_identifier,
        "type_code": licence.type_code,
        "type_version": licence.type_version,
        "type_name": licence.type_name,
        "issuer_name": licence.issuer_name,
        "holder_subject": holder.subject,
        "holder_id_type": holder.id_type,
        "holder_key": holder.key,
        "scope": licence.scope,
        "sealed": cipher.seal(licence.licence_id, personal),
        "trust_grade": licence.trust_grade,
        "state": licence.state,
        "state_reason": licence.state_reason,
        "state_changed_at": licence.state_changed_at,
        "issued_at": licence.issued_at,
        "valid_from": licence.valid_from,
        "valid_until": licence.valid_until,
        "revision": licence.revision,
    }


def licence_of(row: Row[Any], cipher: FieldEncryption) -> Licence:
    opened = cipher.open(row.licence_id, row.sealed)
    return Licence(
        licence_id=row.licence_id,
        tenant=row.tenant_id,
        type_code=row.type_code,
        type_name=row.type_name,
        type_version=row.type_version,
        identifier=LicenceIdentifier.parse(row.identifier),
        issuer_name=row.issuer_name,
        holder=Holder(row.holder_subject, opened["name"], row.holder_id_type, opened["number"], row.holder_key),
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


def licence_facts(row: Row[Any]) -> Facts:
    return Facts(row.tenant_id, {"holder": row.holder_subject}, thing=row.licence_id)


def state_row(change: Change) -> dict[str, Any]:
    """The values for an update of the licence: its key, the state that it must still have, the new values."""
    after = change.after
    return {
        "licence_id": after.licence_id,
        "stored_state": change.before.state,
        "state": after.state,
        "state_reason": after.state_reason,
        "state_changed_at": after.state_changed_at,
        "revision": after.revision,
    }


def history_row(change: Change, actor: str) -> dict[str, Any]:
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


def type_row(kind: LicenceType, at: datetime) -> dict[str, Any]:
    return {
        "tenant_id": kind.tenant,
        "type_code": kind.type_code,
        "version": kind.version,
        "is_current": True,
        "name": kind.name,
        "issuer_code": kind.issuer_code,
        "issuer_name": kind.issuer_name,
        "validity_years": list(kind.validity_years),
        "fields": [asdict(rule) for rule in kind.fields],
        "created_at": at,
    }


def type_of(row: Row[Any]) -> LicenceType:
    values = row._mapping  # a row's own `fields` is not the column
    return LicenceType(
        tenant=values["tenant_id"],
        type_code=values["type_code"],
        name=values["name"],
        issuer_code=values["issuer_code"],
        issuer_name=values["issuer_name"],
        validity_years=tuple(values["validity_years"]),
        fields=tuple(FieldRule(**rule) for rule in values["fields"]),
        version=values["version"],
    )


def type_facts(row: Row[Any]) -> Facts:
    return Facts(row.tenant_id)


def presentation_row(presentation: Presentation) -> dict[str, Any]:
    return {
        "presentation_id": presentation.presentation_id,
        "tenant_id": presentation.tenant,
        "licence_id": presentation.licence_id,
        "selector": presentation.selector,
        "digest": presentation.digest,
        "purpose": presentation.purpose,
        "fields": list(presentation.fields),
        "verifier": presentation.verifier,
        "created_at": presentation.created_at,
        "expires_at": presentation.expires_at,
    }


def presentation_of(row: Row[Any]) -> Presentation:
    return Presentation(
        row.presentation_id, row.tenant_id, row.licence_id, row.selector, bytes(row.digest), row.purpose,
        tuple(row.fields), row.verifier, row.created_at, row.expires_at, row.used_at,
    )
