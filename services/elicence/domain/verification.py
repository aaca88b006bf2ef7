"""Checks of a verification, and the fields that a verifier may see."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.elicence.domain.licence import Licence
from services.elicence.domain.states import EXPIRED, ISSUED, LABELS, UNKNOWN
from shared_components.kernel.bilingual import in_locale
from shared_components.kernel.numbers import mask_name, mask_resident_id

HOLDER_NAME, HOLDER_NUMBER = "holder_name", "holder_id_number"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. reason: a constant, when it is not well."""

    check: str
    ok: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a verification, valid when every check is ok.

    licence: only what this verifier may see. locale: the verifier's.
    """

    state: str
    as_of: datetime
    checks: tuple[Check, ...]
    licence: dict[str, Any]
    purpose: str | None = None
    locale: str = "zh-CN"

    @property
    def valid(self) -> bool:
        return all(check.ok for check in self.checks)

    @property
    def state_label(self) -> str:
        return in_locale(LABELS[self.state], self.locale)


def unknown(check: str, reason: str, at: datetime) -> Verdict:
    return Verdict(UNKNOWN, at, (Check(check, False, reason),), {})


def judge(
    licence: Licence, *, found_by: str, shown: Collection[str], presented: bool, day: date, at: datetime,
    purpose: str | None = None,
) -> Verdict:
    """shown: the fields of the content, or the holder's, that may be seen.

    presented: the holder has shown it, so the verifier may compare the person; masked, unless shown in full.
    """
    state = licence.state_on(day)
    checks = (
        Check(found_by, True),
        Check("state", state == ISSUED, "" if state == ISSUED else state),
        _validity(licence, state, day),
    )
    seen = _public(licence)
    seen["content"] = {field: value for field, value in licence.content.items() if field in shown}
    if presented:
        name = licence.holder.name
        seen[HOLDER_NAME] = name if HOLDER_NAME in shown else mask_name(name)
        seen[HOLDER_NUMBER] = mask_resident_id(licence.holder.id_number)
    return Verdict(state, at, checks, seen, purpose)


def _validity(licence: Licence, state: str, day: date) -> Check:
    if day < licence.valid_from:
        return Check("validity", False, "not-begun")
    return Check("validity", state != EXPIRED, "ended" if state == EXPIRED else "")


def _public(licence: Licence) -> dict[str, Any]:
    return {
        "identifier": licence.identifier.text,
        "type_code": licence.type_code,
        "type_name": licence.type_name,
        "version": licence.identifier.version,
        "issuer_code": licence.identifier.issuer,
        "issuer_name": licence.issuer_name,
        "issued_at": licence.issued_at,
        "valid_from": licence.valid_from,
        "valid_until": licence.valid_until,
        "trust_grade": licence.trust_grade,
    }
