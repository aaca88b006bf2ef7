"""Verifying licences: by a code that the holder shows, or by identifier."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from services.elicence.domain.calendar import local_day
from services.elicence.domain.licence import Licence
from services.elicence.domain.licence_type import LicenceType
from services.elicence.domain.ports import HasLicences, HasPresentationCodes, HasPresentations, HasTypes
from services.elicence.domain.presentation import Presentation, normalise_code, selector_of
from services.elicence.domain.verification import Verdict, judge, unknown
from shared_components.kernel.numbers import LicenceIdentifier, NumberError
from shared_components.kernel.transactions import HasClock

if TYPE_CHECKING:
    from datetime import datetime

    from shared_components.kernel.calls import Call, CallContext


class VerifyTx(HasClock, HasLicences, HasPresentationCodes, HasPresentations, HasTypes, Protocol):
    """The part of a transaction that verifying uses."""


@dataclass(frozen=True, slots=True)
class VerifyLicence:
    """code or identifier is given, and only one. purpose: None is any."""

    code: str | None = field(default=None, repr=False)
    identifier: str | None = None
    purpose: str | None = None


def verify_licences(tx: VerifyTx, calls: Sequence[Call[VerifyLicence]]) -> list[Verdict]:
    """A verdict for each call. A code counts once: in this group, and for ever."""
    desk = _Desk.prepare(tx, calls)
    replies = [desk.verdict(call) for call in calls]
    if desk.used:
        tx.presentations.use(desk.used, desk.at)
    return replies


@dataclass
class _Desk:
    """Everything that a group of verifications needs, read with three statements however many they are."""

    tx: VerifyTx
    at: datetime
    presentations: dict[str, Presentation]
    shown: dict[str, Licence]
    named: dict[str, Licence]
    types: dict[tuple[str, str], LicenceType]
    used: list[str] = field(default_factory=list)

    @classmethod
    def prepare(cls, tx: VerifyTx, calls: Sequence[Call[VerifyLicence]]) -> _Desk:
        codes = [normalise_code(call.data.code) for call in calls if call.data.code]
        identifiers = {call.data.identifier for call in calls if call.data.identifier}
        presentations = tx.presentations.lock({selector_of(code) for code in codes}) if codes else {}
        shown = {one.licence_id for one in presentations.values()}
        named = tx.licences.by_identifiers(identifiers) if identifiers else {}
        return cls(
            tx=tx,
            at=tx.clock.now(),
            presentations=dict(presentations),
            shown=tx.licences.by_ids(shown) if shown else {},
            named=named,
            types=dict(tx.types.current({(one.tenant, one.type_code) for one in named.values()})) if named else {},
        )

    def verdict(self, call: Call[VerifyLicence]) -> Verdict:
        command, context = call
        if command.code:
            return self._by_code(command.code, command.purpose, context)
        return self._by_identifier(command.identifier or "", context)

    def _by_code(self, given: str, purpose: str | None, context: CallContext) -> Verdict:
        tenant, code = context.tenant, normalise_code(given)
        presentation = self.presentations.get(selector_of(code))
        if presentation is None or presentation.tenant != tenant:
            return unknown("code", "unknown", self.at)
        refusal = presentation.refusal(
            self.tx.codes.digest(tenant, code),
            verifier=context.caller, purpose=purpose, at=self.at,
        )
        licence = self.shown.get(presentation.licence_id)
        if refusal is not None or licence is None:
            return unknown("code", refusal or "unknown", self.at)
        self.presentations[presentation.selector] = replace(presentation, used_at=self.at)
        self.used.append(presentation.presentation_id)
        return judge(
            licence, found_by="code", shown=presentation.fields, presented=True,
            day=local_day(self.at), at=self.at, purpose=presentation.purpose,
        )

    def _by_identifier(self, text: str, context: CallContext) -> Verdict:
        try:
            LicenceIdentifier.parse(text)
        except NumberError as error:
            return unknown("identifier", error.reason, self.at)
        licence = self.named.get(text)
        if licence is None or licence.tenant != context.tenant:
            return unknown("identifier", "unknown", self.at)
        kind = self.types.get((licence.tenant, licence.type_code))
        return judge(
            licence, found_by="identifier", shown=kind.public_fields() if kind else (), presented=False,
            day=local_day(self.at), at=self.at,
        )
