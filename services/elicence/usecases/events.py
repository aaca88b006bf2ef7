"""The events of a licence's life."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from services.elicence.domain.licence import Change, Licence
from services.elicence.domain.ports import HasLicences
from services.elicence.domain.states import LICENCE_ISSUED, LICENCE_SUPERSEDED
from shared_components.kernel.transactions import HasEvents

if TYPE_CHECKING:
    from shared_components.kernel.calls import Call


class StoreChangesTx(HasEvents, HasLicences, Protocol):
    """The part of a transaction that storing changes uses."""


def emit_licence_issued(tx: HasEvents, licence: Licence) -> None:
    data = _facts(licence) | {
        "version": licence.identifier.version,
        "prior_identifier": licence.prior_identifier,
        "issued_at": licence.issued_at,
        "valid_from": licence.valid_from,
        "valid_until": licence.valid_until,
    }
    _record(tx, LICENCE_ISSUED, licence, data)


def store_changes(tx: StoreChangesTx, changes: Sequence[Change], *, actor: str) -> None:
    """Store changes and tell of each. actor: the caller's name, for the history."""
    if not changes:
        return
    tx.licences.apply(changes, actor)
    for change in changes:
        emit_licence_changed(tx, change)


def store_changes_of_calls(
    tx: StoreChangesTx, calls: Sequence[Call[Any]], changes: Sequence[Sequence[Change]],
) -> None:
    """Store the changes that each call makes; its caller stands in the history."""
    by_caller: dict[str, list[Change]] = {}
    for call, of_call in zip(calls, changes, strict=True):
        by_caller.setdefault(call.context.caller, []).extend(of_call)
    for caller, of_caller in by_caller.items():
        store_changes(tx, of_caller, actor=caller)


def emit_licence_changed(tx: HasEvents, change: Change) -> None:
    data = _facts(change.after) | {
        "from_state": change.from_state,
        "to_state": change.after.state,
        "at": change.after.state_changed_at,
    }
    if change.event != LICENCE_SUPERSEDED:
        data["reason"] = change.after.state_reason
    _record(tx, change.event, change.after, data)


def _facts(licence: Licence) -> dict[str, Any]:
    return {
        "licence_id": licence.licence_id,
        "identifier": licence.identifier.text,
        "type_code": licence.type_code,
        "type_name": licence.type_name,
        "holder_subject": licence.holder.subject,
    }


def _record(tx: HasEvents, event: str, licence: Licence, data: dict[str, Any]) -> None:
    tx.events.record(
        event, aggregate=licence.licence_id, tenant=licence.tenant, data=data, sequence=licence.revision
    )
