"""Verifying licences: by a code that the holder shows, or by identifier."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from services.elicence.domain.calendar import local_day
from services.elicence.domain.licence import Licence
from services.elicence.domain.licence_type import LicenceType
from services.elicence.domain.ports import HasLicences, HasPresentationCodes, HasPresentations, HasTypes
from services.elicence.domain.presentation import Presentation, normalise_code, selector_of
from services.elicence.domain.verification import Verdict, judge, unknown
from shared_components.kernel.method_rules import PUBLIC
from shared_components.kernel.numbers import LicenceIdentifier, NumberError
from shared_components.kernel.transactions import HasClock
from shared_components.security.authority.disclosures import note_use

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
    """A verdict for each call. A code counts once: in this group, and for ever, and in every department.

    What leaves its department is noted, for the owner's evidence log.
    """
    desk = _Desk.prepare(tx, calls)
    replies = [desk.verdict(number, call) for number, call in enumerate(calls)]
    won = tx.presentations.use(desk.used, desk.at) if desk.used else set()
    for number, use in desk.uses.items():
        if use.presentation.presentation_id not in won:
            replies[number] = unknown("code", "used", desk.at)
        elif use.licence.tenant != calls[number].context.tenant:
            _note(calls[number].context, use, replies[number])
    return [replace(reply, locale=call.context.locale) for reply, call in zip(replies, calls, strict=True)]


class _Use(NamedTuple):
    """A presentation that a call uses, and what it shows."""

    presentation: Presentation
    licence: Licence


def _note(context: CallContext, use: _Use, verdict: Verdict) -> None:
    seen = verdict.licence
    note_use(
        context, PUBLIC, owner=use.licence.tenant, thing=use.licence.licence_id,
        fields=[*sorted(set(seen) - {"content"}), *(f"content.{name}" for name in seen.get("content", ()))],
        details={
            "presentation_id": use.presentation.presentation_id, "state": verdict.state, "valid": verdict.valid},
        cause=use.presentation.purpose)


@dataclass
class _Desk:
    """Everything that a group of verifications needs, read with three statements however many they are."""

    tx: VerifyTx
    at: datetime
    presentations: dict[str, Presentation]
    shown: dict[str, Licence]
    named: dict[str, Licence]
    types: dict[tuple[str, str], LicenceType]
    uses: dict[int, _Use] = field(default_factory=dict)
    """By the number of the call."""

    @property
    def used(self) -> list[str]:
        return [use.presentation.presentation_id for use in self.uses.values()]

    @classmethod
    def prepare(cls, tx: VerifyTx, calls: Sequence[Call[VerifyLicence]]) -> _Desk:
        codes = {normalise_code(call.data.code) for call in calls if call.data.code}
        identifiers = {call.data.identifier for call in calls if call.data.identifier}
        presentations = tx.presentations.lock({selector_of(code) for code in codes}) if codes else {}
        shown = {
            one.licence_id for code in codes
            if (one := presentations.get(selector_of(code))) and one.is_of(tx.codes.digest(one.tenant, code))}
        named = tx.licences.by_identifiers(identifiers) if identifiers else {}
        return cls(
            tx=tx,
            at=tx.clock.now(),
            presentations=dict(presentations),
            shown=tx.licences.shown(shown) if shown else {},
            named=named,
            types=dict(tx.types.current({(one.tenant, one.type_code) for one in named.values()})) if named else {},
        )

    def verdict(self, number: int, call: Call[VerifyLicence]) -> Verdict:
        command, context = call
        if command.code:
            return self._by_code(number, command.code, command.purpose, context)
        return self._by_identifier(command.identifier or "", context)

    def _by_code(self, number: int, given: str, purpose: str | None, context: CallContext) -> Verdict:
        code = normalise_code(given)
        presentation = self.presentations.get(selector_of(code))
        if presentation is None:
            return unknown("code", "unknown", self.at)
        refusal = presentation.refusal(
            self.tx.codes.digest(presentation.tenant, code),
            verifier=context.caller, purpose=purpose, at=self.at,
        )
        licence = self.shown.get(presentation.licence_id)
        if refusal is not None or licence is None:
            return unknown("code", refusal or "unknown", self.at)
        self.presentations[presentation.selector] = replace(presentation, used_at=self.at)
        self.uses[number] = _Use(presentation, licence)
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
