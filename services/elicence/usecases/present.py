"""Showing licences (亮证), for many calls at a time."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from services.elicence.domain.calendar import local_day
from services.elicence.domain.errors import FieldUnknown, LicenceNotUsable, licence_not_found
from services.elicence.domain.licence import Licence
from services.elicence.domain.licence_type import LicenceType
from services.elicence.domain.ports import HasLicences, HasPolicy, HasPresentationCodes, HasPresentations, HasTypes
from services.elicence.domain.presentation import Presentation, grouped, selector_of
from services.elicence.domain.states import ISSUED
from services.elicence.domain.verification import HOLDER_NAME, HOLDER_NUMBER
from services.elicence.usecases.views import PresentedView
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id
from shared_components.kernel.outcomes import attempt
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

Types = Mapping[tuple[str, str], LicenceType]


class PresentTx(HasClock, HasLicences, HasPolicy, HasPresentationCodes, HasPresentations, HasTypes, Protocol):
    """The part of a transaction that showing licences uses."""


@dataclass(frozen=True, slots=True)
class PresentLicence:
    """fields: None is those that are public. verifier: None is any app."""

    licence_id: str
    holder_subject: str
    purpose: str
    fields: Sequence[str] | None = None
    verifier: str | None = None


def present_licences(tx: PresentTx, calls: Sequence[Call[PresentLicence]]) -> list[PresentedView | AppError]:
    """For each call a code that shows its licence once, or LicenceNotFound, LicenceNotUsable, FieldUnknown.

    Without `fields`, those that are public are shown.
    """
    at = tx.clock.now()
    found = tx.licences.read([(call.context, call.data.licence_id) for call in calls])
    wanted = {
        (licence.tenant, licence.type_code) for call, licence in zip(calls, found, strict=True)
        if isinstance(licence, Licence) and call.data.fields is None
    }
    types = tx.types.current(wanted) if wanted else {}
    others = {
        call.data.holder_subject for call, licence in zip(calls, found, strict=True)
        if isinstance(licence, Licence) and licence.holder.subject != call.data.holder_subject
    }
    survivors = tx.licences.survivors(others) if others else {}
    made: list[Presentation] = []
    replies = [
        licence if isinstance(licence, AppError) else attempt(
            _present, tx, call, licence, survivors.get(call.data.holder_subject), types, at, made)
        for call, licence in zip(calls, found, strict=True)
    ]
    tx.presentations.add(made)
    return replies


def _present(
    tx: PresentTx, call: Call[PresentLicence], licence: Licence, survivor: str | None, types: Types, at: datetime,
    made: list[Presentation],
) -> PresentedView:
    """survivor: of the holder whom the call names, where that subject was merged."""
    command, tenant = call.data, call.context.tenant
    if licence.holder.subject not in (command.holder_subject, survivor):
        raise licence_not_found()
    _require_usable(licence, licence.state_on(local_day(at)))
    fields = _chosen(licence, command.fields, types)
    code = tx.codes.new()
    presentation = Presentation(
        presentation_id=new_id("prs"),
        tenant=tenant,
        licence_id=licence.licence_id,
        selector=selector_of(code),
        digest=tx.codes.digest(tenant, code),
        purpose=command.purpose,
        fields=fields,
        verifier=command.verifier,
        created_at=at,
        expires_at=at + timedelta(seconds=tx.policy.presentation_ttl_s),
    )
    made.append(presentation)
    return PresentedView(grouped(code), presentation.expires_at, fields)


def _require_usable(licence: Licence, state: str) -> None:
    if state != ISSUED:
        raise LicenceNotUsable(Bilingual(
            f"licence {licence.licence_id} is {state!r}; only {ISSUED!r} ones can be shown",
            f"证照 {licence.licence_id} 的状态为“{licence.state}”；只有“{ISSUED}”的证照可以出示"),
            details={"state": state})


def _chosen(licence: Licence, asked: Sequence[str] | None, types: Types) -> tuple[str, ...]:
    if asked is None:
        kind = types.get((licence.tenant, licence.type_code))
        return tuple(sorted(set(licence.content) & kind.public_fields())) if kind else ()
    known = {*licence.content, HOLDER_NAME, HOLDER_NUMBER}
    wrong = sorted(set(asked) - known)
    if wrong:
        raise FieldUnknown(Bilingual(
            f"licence {licence.licence_id} has no field {wrong}; it has {sorted(known)}",
            f"证照 {licence.licence_id} 没有字段{listed_zh(wrong)}；可用字段为{listed_zh(sorted(known))}"),
            details={"fields": {"fields": [Bilingual(f"unknown field {name}", f"未知字段 {name}") for name in wrong]}},
        )
    return tuple(dict.fromkeys(asked))
