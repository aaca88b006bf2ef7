"""Showing a licence (亮证)."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from services.elicence.domain.calendar import local_day
from services.elicence.domain.errors import FieldUnknown, LicenceNotFound, LicenceNotUsable
from services.elicence.domain.licence import Licence
from services.elicence.domain.ports import HasLicences, HasPolicy, HasPresentations, HasSecrecy, HasTypes
from services.elicence.domain.presentation import Presentation, grouped, selector_of
from services.elicence.domain.states import ISSUED
from services.elicence.domain.verification import HOLDER_NAME, HOLDER_NUMBER
from services.elicence.usecases.read import require_seen_by
from services.elicence.usecases.views import PresentedView
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext


class PresentTx(HasClock, HasLicences, HasPolicy, HasPresentations, HasSecrecy, HasTypes, Protocol):
    """What showing a licence needs of its transaction."""


@dataclass(frozen=True, slots=True)
class PresentLicence:
    """fields: None is those that are public. verifier: None is any app."""

    licence_id: str
    holder_subject: str
    purpose: str
    fields: Sequence[str] | None = None
    verifier: str | None = None


def present_licence(tx: PresentTx, command: PresentLicence, context: CallContext) -> PresentedView:
    """Make a code that shows the licence once.

    Raises LicenceNotFound, LicenceNotUsable, FieldUnknown. Without `fields`, those that are public are shown.
    """
    tenant, at = context.tenant, tx.clock.now()
    licence = require_seen_by(context, tx.licences.get(tenant, licence_id=command.licence_id))
    if licence.holder.subject != command.holder_subject:
        raise LicenceNotFound("licence is not known; only the holder's own licences can be shown")
    _require_usable(licence, licence.state_on(local_day(at)))
    code = tx.secrecy.new_code()
    presentation = Presentation(
        presentation_id=new_id("prs"),
        tenant=tenant,
        licence_id=licence.licence_id,
        selector=selector_of(code),
        digest=tx.secrecy.digest(tenant, code),
        purpose=command.purpose,
        fields=_chosen(tx, licence, command.fields),
        verifier=command.verifier,
        created_at=at,
        expires_at=at + timedelta(seconds=tx.policy.presentation_ttl_s),
    )
    tx.presentations.add(presentation)
    return PresentedView(grouped(code), presentation.expires_at, presentation.fields)


def _require_usable(licence: Licence, state: str) -> None:
    if state != ISSUED:
        raise LicenceNotUsable(
            f"licence {licence.licence_id} is {state!r}; only {ISSUED!r} ones can be shown", details={"state": state}
        )


def _chosen(tx: HasTypes, licence: Licence, asked: Sequence[str] | None) -> tuple[str, ...]:
    if asked is None:
        key = (licence.tenant, licence.type_code)
        kind = tx.types.current([key]).get(key)
        return tuple(sorted(set(licence.content) & kind.public_fields())) if kind else ()
    known = {*licence.content, HOLDER_NAME, HOLDER_NUMBER}
    wrong = sorted(set(asked) - known)
    if wrong:
        raise FieldUnknown(
            f"licence {licence.licence_id} has no field {wrong}; it has {sorted(known)}",
            details={"fields": {"fields": [f"unknown field {name}" for name in wrong]}},
        )
    return tuple(dict.fromkeys(asked))
