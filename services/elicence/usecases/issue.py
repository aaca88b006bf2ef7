"""Issuing licences, many at a time."""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from services.elicence.domain.calendar import local_day
from services.elicence.domain.errors import LicenceTypeUnknown
from services.elicence.domain.holder import checked_holder
from services.elicence.domain.issuing import Decision, Draft, Shelf
from services.elicence.domain.licence import Holder, Licence
from services.elicence.domain.licence_type import LicenceType
from services.elicence.domain.ports import HasHolderKeys, HasLicences, HasPolicy, HasSerials, HasTypes, SerialKey
from services.elicence.usecases.events import emit_licence_issued, store_changes_of_calls
from services.elicence.usecases.views import LicenceView, licence_views
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id
from shared_components.kernel.names import clean_name
from shared_components.kernel.numbers import LicenceIdentifier, validate_credit_code
from shared_components.kernel.outcomes import attempt
from shared_components.kernel.transactions import HasClock, HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

Types = Mapping[tuple[str, str], LicenceType]


class IssueTx(HasClock, HasEvents, HasHolderKeys, HasLicences, HasPolicy, HasSerials, HasTypes, Protocol):
    """The part of a transaction that issuing uses."""


class ByType(Enum):
    """The last day of a licence whose request names none."""

    RULE = "the type's rule decides"


@dataclass(frozen=True, slots=True)
class IssueLicence:
    """issuer_code, issuer_name: None is the type's. valid_until: the last day, None is 长期."""

    type_code: str
    holder_subject: str
    holder_name: str = field(repr=False)
    holder_id_type: str
    holder_id_number: str = field(repr=False)
    valid_from: date
    content: Mapping[str, Any] = field(repr=False)
    scope: str
    valid_until: date | ByType | None = ByType.RULE
    issuer_code: str | None = None
    issuer_name: str | None = None
    prior_identifier: str | None = None


def issue_licences(tx: IssueTx, calls: Sequence[Call[IssueLicence]]) -> list[LicenceView | AppError]:
    """Issue each, or say why not; a renewal supersedes its prior licence in the same transaction.

    Raises ActiveLicenceExists for the whole group when somebody else was first; one by one, it is told whom it hits.
    """
    at = tx.clock.now()
    types = tx.types.current({(call.context.tenant, call.data.type_code) for call in calls})
    drafts = [attempt(_draft, tx, call, types, at) for call in calls]
    decisions = _decide(tx, [one for one in drafts if isinstance(one, Draft)], at)
    outcomes = [decisions.pop(0) if isinstance(one, Draft) else one for one in drafts]
    licences = _issue(tx, calls, outcomes, at)
    day = local_day(at)
    return licence_views(licences, calls, day)


def _draft(tx: IssueTx, call: Call[IssueLicence], types: Types, at: datetime) -> Draft:
    command, tenant = call.data, call.context.tenant
    kind = types.get((tenant, command.type_code))
    if kind is None:
        raise LicenceTypeUnknown(Bilingual(
            f"licence type {command.type_code} is not known; only those of list_types are allowed",
            f"证照类型 {command.type_code} 不存在；只允许 list_types 所列的类型"))
    lenient = tx.policy.lenient_credit_codes
    kind.check_content(command.content)
    id_number = checked_holder(command.holder_id_type, command.holder_id_number, today=local_day(at), lenient=lenient)
    return Draft(
        tenant=tenant,
        kind=kind,
        holder=Holder(
            subject=command.holder_subject,
            name=clean_name(command.holder_name, field="holder_name"),
            id_type=command.holder_id_type,
            id_number=id_number,
            key=tx.holder_keys.holder_key(tenant, command.holder_id_type, id_number),
        ),
        issuer_code=validate_credit_code(command.issuer_code or kind.issuer_code, lenient=lenient),
        issuer_name=_issuer_name(command.issuer_name, kind),
        content=command.content,
        valid_from=command.valid_from,
        ends=None if isinstance(command.valid_until, ByType) else command.valid_until,
        ends_given=command.valid_until is not ByType.RULE,
        prior_identifier=command.prior_identifier,
        scope=command.scope,
    )


def _issuer_name(given: str | None, kind: LicenceType) -> str:
    return kind.issuer_name if given is None else clean_name(given, field="issuer_name")


def _decide(tx: IssueTx, drafts: Sequence[Draft], at: datetime) -> list[Decision | AppError]:
    if not drafts:
        return []
    priors = {draft.prior_identifier for draft in drafts if draft.prior_identifier}
    shelf = Shelf(tx.licences.lock_for_issue({draft.holder.key for draft in drafts}, priors), at)
    return [attempt(shelf.decide, draft) for draft in drafts]


def _issue(
    tx: IssueTx, calls: Sequence[Call[IssueLicence]], outcomes: Sequence[Decision | AppError], at: datetime
) -> list[Licence | AppError]:
    numbers = _Numbers(tx, outcomes, at)
    results = [
        one.licence(new_id("lic"), one.identifier or numbers.next(one), at) if isinstance(one, Decision) else one
        for one in outcomes
    ]
    store_changes_of_calls(tx, calls, [one.changes if isinstance(one, Decision) else () for one in outcomes])
    issued = [one for one in results if isinstance(one, Licence)]
    if issued:
        tx.licences.add(issued)
    for licence in issued:
        emit_licence_issued(tx, licence)
    return results


class _Numbers:
    """New identifiers. The serial numbers of a group are taken in one statement."""

    def __init__(self, tx: IssueTx, outcomes: Sequence[Decision | AppError], at: datetime) -> None:
        self._year = local_day(at).year
        fresh = [one for one in outcomes if isinstance(one, Decision) and one.identifier is None]
        wanted = Counter(self._key(one) for one in fresh)
        self._next = dict(tx.serials.take(wanted)) if wanted else {}

    def next(self, decision: Decision) -> LicenceIdentifier:
        key = self._key(decision)
        number = self._next[key]
        self._next[key] += 1
        # The year keeps serials short and counters small; seven digits are the least, not the most.
        return LicenceIdentifier(key[0], key[1], f"{self._year}{number:07d}")

    def _key(self, decision: Decision) -> SerialKey:
        return (decision.draft.kind.type_code, decision.draft.issuer_code, self._year)
