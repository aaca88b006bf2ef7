"""Licences and their types as callers may see them."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from services.elicence.domain.licence import Licence
from services.elicence.domain.licence_type import FieldRule, LicenceType
from services.elicence.domain.states import LABELS
from shared_components.kernel.bilingual import in_locale
from shared_components.kernel.errors import AppError
from shared_components.kernel.numbers import mask_name, mask_resident_id

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call


@dataclass(frozen=True, slots=True)
class LicenceView:
    licence_id: str
    identifier: str
    prior_identifier: str | None
    type_code: str
    type_name: str
    version: int
    issuer_code: str
    issuer_name: str
    holder_subject: str
    holder_name: str = field(repr=False)
    holder_id_type: str
    holder_id_number: str = field(repr=False)
    scope: str
    state: str
    state_label: str
    state_reason: str = field(repr=False)
    state_changed_at: datetime
    issued_at: datetime
    valid_from: date
    valid_until: date | None
    trust_grade: str
    content: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class LicenceTypeView:
    type_code: str
    name: str
    issuer_code: str
    issuer_name: str
    validity_years: Sequence[int | None]
    fields: Sequence[FieldRule]
    version: int


@dataclass(frozen=True, slots=True)
class PresentedView:
    code: str = field(repr=False)
    expires_at: datetime
    fields: Sequence[str]


def licence_view(licence: Licence, day: date, locale: str) -> LicenceView:
    """day: the state is the one that holds on it. locale: the reader's. Name and number of the holder are masked."""
    state = licence.state_on(day)
    return LicenceView(
        licence_id=licence.licence_id,
        identifier=licence.identifier.text,
        prior_identifier=licence.prior_identifier,
        type_code=licence.type_code,
        type_name=licence.type_name,
        version=licence.identifier.version,
        issuer_code=licence.identifier.issuer,
        issuer_name=licence.issuer_name,
        holder_subject=licence.holder.subject,
        holder_name=mask_name(licence.holder.name),
        holder_id_type=licence.holder.id_type,
        holder_id_number=mask_resident_id(licence.holder.id_number),
        scope=licence.scope,
        state=state,
        state_label=in_locale(LABELS[state], locale),
        state_reason=licence.state_reason,
        state_changed_at=licence.state_changed_at,
        issued_at=licence.issued_at,
        valid_from=licence.valid_from,
        valid_until=licence.valid_until,
        trust_grade=licence.trust_grade,
        content=dict(licence.content),
    )


def licence_views(
    licences: Sequence[Licence | AppError], calls: Sequence[Call[Any]], day: date,
) -> list[LicenceView | AppError]:
    """The view of each call's licence, in its reader's language; errors stay."""
    return [
        one if isinstance(one, AppError) else licence_view(one, day, call.context.locale)
        for one, call in zip(licences, calls, strict=True)]


def type_view(kind: LicenceType) -> LicenceTypeView:
    return LicenceTypeView(
        type_code=kind.type_code, name=kind.name, issuer_code=kind.issuer_code, issuer_name=kind.issuer_name,
        validity_years=kind.validity_years, fields=kind.fields, version=kind.version,
    )
