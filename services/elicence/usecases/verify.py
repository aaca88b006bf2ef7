"""Verifying licences: by a code that the holder shows, or by identifier."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from services.elicence.domain.calendar import local_day
from services.elicence.domain.licence import Licence
from services.elicence.domain.licence_type import LicenceType
from services.elicence.domain.ports import ELicenceTransaction
from services.elicence.domain.presentation import Presentation, normalise_code, selector_of
from services.elicence.domain.verification import Verdict, judge, unknown
from shared_components.kernel.numbers import LicenceIdentifier, NumberError

if TYPE_CHECKING:
    from datetime import datetime

    from shared_components.kernel.calls import Call


def verify_licences(tx: ELicenceTransaction, calls: Sequence[Call]) -> list[dict[str, Any]]:
    """A verdict for each call. A code counts once: in this group, and for ever."""
    desk = _Desk.prepare(tx, calls)
    replies = [desk.verdict(call).reply() for call in calls]
    if desk.used:
        tx.presentations.use(desk.used, desk.at)
    return replies


@dataclass
class _Desk:
    """Everything that a group of verifications needs, read with three statements however many they are."""

    tx: ELicenceTransaction
    at: datetime
    presentations: dict[str, Presentation]
    shown: dict[str, Licence]
    named: dict[str, Licence]
    types: dict[tuple[str, str], LicenceType]
    used: list[str] = field(default_factory=list)

    @classmethod
    def prepare(cls, tx: ELicenceTransaction, calls: Sequence[Call]) -> _Desk:
        codes = [normalise_code(call.data["code"]) for call in calls if call.data.get("code")]
        identifiers = {call.data["identifier"] for call in calls if call.data.get("identifier")}
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

    def verdict(self, call: Call) -> Verdict:
        return self._by_code(call) if call.data.get("code") else self._by_identifier(call)

    def _by_code(self, call: Call) -> Verdict:
        tenant, code = call.context.tenant, normalise_code(call.data["code"])
        presentation = self.presentations.get(selector_of(code))
        if presentation is None or presentation.tenant != tenant:
            return unknown("code", "unknown", self.at)
        refusal = presentation.refusal(
            self.tx.secrecy.digest(tenant, code),
            verifier=call.context.caller, purpose=call.data.get("purpose"), at=self.at,
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

    def _by_identifier(self, call: Call) -> Verdict:
        text = call.data["identifier"]
        try:
            LicenceIdentifier.parse(text)
        except NumberError as error:
            return unknown("identifier", error.reason, self.at)
        licence = self.named.get(text)
        if licence is None or licence.tenant != call.context.tenant:
            return unknown("identifier", "unknown", self.at)
        kind = self.types.get((licence.tenant, licence.type_code))
        return judge(
            licence, found_by="identifier", shown=kind.public_fields() if kind else (), presented=False,
            day=local_day(self.at), at=self.at,
        )
