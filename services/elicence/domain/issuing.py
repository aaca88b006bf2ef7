"""Deciding what is issued: which version, and what becomes of the licences before."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.elicence.domain.calendar import local_day
from services.elicence.domain.errors import (
    ActiveLicenceExists,
    LicenceNotFound,
    PriorMismatch,
    PriorNotRenewable,
    ValidityInvalid,
)
from services.elicence.domain.licence import Change, Holder, Licence
from services.elicence.domain.licence_type import LicenceType
from services.elicence.domain.states import ACTIVE, EXPIRED, RENEWABLE, SUPERSEDED
from shared_components.kernel.bilingual import Bilingual, listed_zh
from shared_components.kernel.numbers import LicenceIdentifier

_ENDED = "有效期届满"
_RENEWED = "换发新证"


@dataclass(frozen=True, slots=True)
class Draft:
    """A licence that was asked for. ends: the last day (None is 长期), if the issuer says; else the type's rule."""

    tenant: str
    kind: LicenceType
    holder: Holder
    issuer_code: str
    issuer_name: str
    content: Mapping[str, Any]
    valid_from: date
    ends: date | None
    ends_given: bool
    prior_identifier: str | None = None
    scope: str = ""

    @property
    def place(self) -> tuple[str, str, str, str]:
        """The place of a licence: one active licence a place."""
        return (self.tenant, self.kind.type_code, self.holder.key, self.scope)


@dataclass(frozen=True, slots=True)
class Decision:
    """identifier: the prior one's next version; None when a new serial number is needed."""

    draft: Draft
    identifier: LicenceIdentifier | None
    changes: tuple[Change, ...]

    def licence(self, licence_id: str, identifier: LicenceIdentifier, at: datetime) -> Licence:
        draft = self.draft
        valid_until = draft.ends if draft.ends_given else draft.kind.valid_until(draft.valid_from, identifier.version)
        return Licence(
            licence_id=licence_id,
            tenant=draft.tenant,
            type_code=draft.kind.type_code,
            type_name=draft.kind.name,
            type_version=draft.kind.version,
            identifier=identifier,
            issuer_name=draft.issuer_name,
            holder=draft.holder,
            valid_from=draft.valid_from,
            valid_until=valid_until,
            issued_at=at,
            state_changed_at=at,
            content=dict(draft.content),
            prior_identifier=draft.prior_identifier,
            scope=draft.scope,
        )


class Shelf:
    """The licences that a group of drafts may replace. It follows the decisions, so that one sees those before it."""

    def __init__(self, licences: Iterable[Licence], at: datetime) -> None:
        self._at = at
        self._day = local_day(at)
        self._by_identifier = {licence.identifier.text: licence for licence in licences}
        self._active = {_place(one): one for one in self._by_identifier.values() if one.state in ACTIVE}
        self._taken: set[tuple[str, str, str, str]] = set()

    def decide(self, draft: Draft) -> Decision:
        """Raises LicenceNotFound, PriorMismatch, PriorNotRenewable, ActiveLicenceExists, ValidityInvalid."""
        _require_period(draft)
        prior = self._prior(draft) if draft.prior_identifier else None
        decision = self._renew(draft, prior) if prior else Decision(draft, None, self._make_room(draft))
        self._active.pop(draft.place, None)
        self._taken.add(draft.place)
        return decision

    def _prior(self, draft: Draft) -> Licence:
        prior = self._by_identifier.get(draft.prior_identifier or "")
        if prior is None or prior.tenant != draft.tenant:
            raise LicenceNotFound(Bilingual(
                "prior licence is not known; only licences of this department can be renewed",
                "原证照不存在；只能换发本部门的证照"))
        if _place(prior) != draft.place:
            raise PriorMismatch(Bilingual(
                "prior licence has another type, holder or scope; only the same ones are allowed",
                "原证照的类型、持证人或范围不一致；必须相同"),
                details={"prior_licence_id": prior.licence_id},
            )
        return prior

    def _renew(self, draft: Draft, prior: Licence) -> Decision:
        state = prior.state_on(self._day)
        if state not in RENEWABLE:
            raise PriorNotRenewable(Bilingual(
                f"prior licence {prior.licence_id} is {state!r}; only {sorted(RENEWABLE)} can be renewed",
                f"原证照 {prior.licence_id} 的状态为“{state}”；只有{listed_zh(sorted(RENEWABLE))}可以换发"),
                details={"prior_licence_id": prior.licence_id, "state": state},
            )
        changes = self._make_room(draft, besides=prior)
        changes += (prior.moved(SUPERSEDED, reason=_RENEWED, at=self._at, day=self._day),)
        same_issuer = prior.identifier.issuer == draft.issuer_code
        return Decision(draft, prior.identifier.with_next_version() if same_issuer else None, changes)

    def _make_room(self, draft: Draft, besides: Licence | None = None) -> tuple[Change, ...]:
        """One that has ended does not stand in the way, though nobody may have written down yet that it has."""
        other = self._active.get(draft.place)
        if other is besides:
            other = None
        if draft.place in self._taken or (other is not None and other.state_on(self._day) != EXPIRED):
            known = {"licence_id": other.licence_id, "identifier": other.identifier.text} if other else {}
            raise ActiveLicenceExists(Bilingual(
                f"holder has an active licence of type {draft.kind.type_code}; "
                "only one is allowed, and a renewal names it as prior_identifier",
                f"持证人已有类型为 {draft.kind.type_code} 的有效证照；只允许有一份，"
                "换发时请以 prior_identifier 指明原证照"),
                details=known,
            )
        return () if other is None else (other.moved_to_end(_ENDED, self._at),)


def _place(licence: Licence) -> tuple[str, str, str, str]:
    return (licence.tenant, licence.type_code, licence.holder.key, licence.scope)


def _require_period(draft: Draft) -> None:
    if draft.ends_given and draft.ends is not None and draft.ends < draft.valid_from:
        raise ValidityInvalid(Bilingual(
            f"valid_until is {draft.ends}, before valid_from {draft.valid_from}; only a later day or none is allowed",
            f"有效期截止日 {draft.ends} 早于起始日 {draft.valid_from}；只允许不早于起始日，或长期有效"),
            details={"fields": {"valid_until": [Bilingual("is before valid_from", "早于 valid_from")]}},
        )
