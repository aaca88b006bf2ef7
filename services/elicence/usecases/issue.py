"""Issuing licences, many at a time."""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.elicence.domain.calendar import local_day
from services.elicence.domain.errors import LicenceTypeUnknown
from services.elicence.domain.holder import checked_holder
from services.elicence.domain.issuing import Decision, Draft, Shelf
from services.elicence.domain.licence import Change, Holder, Licence
from services.elicence.domain.licence_type import LicenceType
from services.elicence.domain.ports import ELicenceTransaction, SerialKey
from services.elicence.usecases.announce import announce_issue, store_changes
from services.elicence.usecases.views import licence_view
from shared_components.kernel.errors import AppError
from shared_components.kernel.ids import new_id
from shared_components.kernel.names import clean_name
from shared_components.kernel.numbers import LicenceIdentifier, validate_credit_code

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call

Types = Mapping[tuple[str, str], LicenceType]


def issue_licences(tx: ELicenceTransaction, calls: Sequence[Call]) -> list[dict[str, Any] | AppError]:
    """Issue each, or say why not; a renewal supersedes its prior licence in the same transaction.

    Raises ActiveLicenceExists for the whole group when somebody else was first; one by one, it is told whom it hits.
    """
    at = tx.clock.now()
    types = tx.types.current({(call.context.tenant, call.data["type_code"]) for call in calls})
    drafts = [_attempt(_draft, tx, call, types, at) for call in calls]
    decisions = _decide(tx, [one for one in drafts if isinstance(one, Draft)], at)
    outcomes = [decisions.pop(0) if isinstance(one, Draft) else one for one in drafts]
    licences = _issue(tx, calls, outcomes, at)
    day = local_day(at)
    return [licence_view(one, day) if isinstance(one, Licence) else one for one in licences]


def _draft(tx: ELicenceTransaction, call: Call, types: Types, at: datetime) -> Draft:
    data, tenant = call.data, call.context.tenant
    kind = types.get((tenant, data["type_code"]))
    if kind is None:
        raise LicenceTypeUnknown(f"licence type {data['type_code']} is not known; only those of list_types are allowed")
    lenient = tx.policy.lenient_credit_codes
    kind.check_content(data["content"])
    id_number = checked_holder(data["holder_id_type"], data["holder_id_number"], today=local_day(at), lenient=lenient)
    return Draft(
        tenant=tenant,
        kind=kind,
        holder=Holder(
            subject=data["holder_subject"],
            name=clean_name(data["holder_name"], field="holder_name"),
            id_type=data["holder_id_type"],
            id_number=id_number,
            key=tx.secrecy.holder_key(tenant, data["holder_id_type"], id_number),
        ),
        issuer_code=validate_credit_code(data.get("issuer_code") or kind.issuer_code, lenient=lenient),
        issuer_name=_issuer_name(data.get("issuer_name"), kind),
        content=data["content"],
        valid_from=data["valid_from"],
        ends=data.get("valid_until"),
        ends_given="valid_until" in data,
        prior_identifier=data.get("prior_identifier"),
        scope=data["scope"],
    )


def _issuer_name(given: str | None, kind: LicenceType) -> str:
    return kind.issuer_name if given is None else clean_name(given, field="issuer_name")


def _decide(tx: ELicenceTransaction, drafts: Sequence[Draft], at: datetime) -> list[Decision | AppError]:
    if not drafts:
        return []
    priors = {draft.prior_identifier for draft in drafts if draft.prior_identifier}
    shelf = Shelf(tx.licences.lock_for_issue({draft.holder.key for draft in drafts}, priors), at)
    return [_attempt(shelf.decide, draft) for draft in drafts]


def _issue(
    tx: ELicenceTransaction, calls: Sequence[Call], outcomes: Sequence[Decision | AppError], at: datetime
) -> list[Licence | AppError]:
    numbers = _Numbers(tx, outcomes, at)
    results = [
        one.licence(new_id("lic"), one.identifier or numbers.next(one), at) if isinstance(one, Decision) else one
        for one in outcomes
    ]
    _supersede(tx, calls, outcomes)
    issued = [one for one in results if isinstance(one, Licence)]
    if issued:
        tx.licences.add(issued)
    for licence in issued:
        announce_issue(tx, licence)
    return results


def _supersede(tx: ELicenceTransaction, calls: Sequence[Call], outcomes: Sequence[Decision | AppError]) -> None:
    by_caller: dict[str, list[Change]] = {}
    for call, outcome in zip(calls, outcomes, strict=True):
        if isinstance(outcome, Decision) and outcome.changes:
            by_caller.setdefault(call.context.caller, []).extend(outcome.changes)
    for caller, changes in by_caller.items():
        store_changes(tx, changes, actor=caller)


class _Numbers:
    """New identifiers. The serial numbers of a group are taken in one statement."""

    def __init__(self, tx: ELicenceTransaction, outcomes: Sequence[Decision | AppError], at: datetime) -> None:
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


def _attempt(function: Any, *arguments: Any) -> Any:
    """What it gives, or the error it raises: a bad call never sinks its neighbours."""
    try:
        return function(*arguments)
    except AppError as error:
        return error
