"""Ids of subjects in calls of apps: an app knows the ids of its department's sector, a service the real ones.

Before a request is loaded, and after its reply was kept: request hashes, kept replies and handlers have real ids.
Source: docs/adr/080-pairwise-ids.md
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shared_components.bus.errors import SubjectNotFound
from shared_components.bus.server.requests import Request
from shared_components.contracts.registry import MethodContract
from shared_components.contracts.subject_ids import (
    REAL_ID,
    Change,
    Translate,
    ids_in_texts,
    ids_of_reply,
    ids_of_request,
)
from shared_components.kernel.apps import APP_PREFIX
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.calls import CallContext, Event
from shared_components.kernel.errors import AppError
from shared_components.security.pairwise_ids import PairwiseIds

if TYPE_CHECKING:
    from shared_components.bus.server.transactions import TransactionProvider


def of_apps(requests: Sequence[Request]) -> list[Request]:
    """The requests whose ids are those of a sector."""
    return [request for request in requests if request.context.caller.startswith(APP_PREFIX)]


def sector_of(context: CallContext) -> str:
    """The department of the calling app, whosever rows it means."""
    return context.department or context.tenant


def read_requests(pairwise: PairwiseIds, contract: MethodContract, requests: Sequence[Request]) -> None:
    """Put the real ids into the requests. One with an id that is not of its sector is finished."""
    translate = ids_of_request(contract.request)
    if translate is None:
        return
    for request in requests:
        if not request.done:
            try:
                request.kwargs = translate(request.kwargs, _from_sector(pairwise, sector_of(request.context)))
            except SubjectNotFound as unknown:
                request.finish(unknown)


def write_outcomes(pairwise: PairwiseIds, contract: MethodContract, requests: Sequence[Request]) -> None:
    """Put the ids of each caller's sector into its reply or error."""
    translate = ids_of_reply(contract.reply)
    for request in requests:
        if isinstance(request.outcome, AppError):
            request.outcome = error_for_sector(pairwise, request.outcome, sector_of(request.context))
        elif translate is not None:
            request.outcome = translate(request.outcome, _to_sector(pairwise, sector_of(request.context)))


def error_for_sector(pairwise: PairwiseIds, error: AppError, sector: str) -> AppError:
    """The error with the sector's ids in its texts and details; another one where it has real ids, for it is shared."""
    wire = error.to_wire()
    if not any(REAL_ID.search(text) for text in _texts(wire)):
        return error
    change = _to_sector(pairwise, sector)
    made = error.__class__.__new__(error.__class__)
    made.__dict__.update(error.__dict__)
    made.message = ids_in_texts(error.message, change)
    made.message_zh = ids_in_texts(error.message_zh, change)
    made.details = _details(error.details, change)
    made.args = (made.message,)
    return made


def _details(value: Any, change: Change) -> Any:
    if isinstance(value, Bilingual):
        return Bilingual(ids_in_texts(str(value), change), ids_in_texts(value.zh, change))
    if isinstance(value, dict):
        return {name: _details(part, change) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_details(part, change) for part in value]
    return ids_in_texts(value, change)


def _texts(value: Any) -> list[str]:
    """Every text of a JSON value."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [text for part in parts for text in _texts(part)]


def _to_sector(pairwise: PairwiseIds, sector: str) -> Change:
    return lambda subject_id, name: pairwise.to_sector(subject_id, sector)


def _from_sector(pairwise: PairwiseIds, sector: str) -> Change:
    def change(pairwise_id: str, name: str) -> str:
        subject_id = pairwise.from_sector(pairwise_id, sector)
        if subject_id is None:
            raise SubjectNotFound(Bilingual(
                f"{name} is not the id of a subject that this app knows; ids that the platform has given to apps of "
                "its department are allowed",
                f"{name} 不是本应用已知的主体编号；只允许使用平台提供给本部门应用的编号"), details={"field": name})
        return subject_id

    return change


def events_for_apps(provider: TransactionProvider, events: Sequence[Event]) -> list[Event]:
    """The service's own events as apps of their tenants read them, for webhooks."""
    pairwise = provider.secrets.pairwise_ids
    if not pairwise.enabled:
        return list(events)
    schemas = {event.type: event.data for event in provider.contract.events}
    return [_event_for_apps(pairwise, ids_of_reply(schemas[event.type]), event) for event in events]


def any_events_for_apps(provider: TransactionProvider, events: Sequence[Event]) -> list[Event]:
    """Events of any service as apps of their tenants read them: every id of a subject is the sector's."""
    pairwise = provider.secrets.pairwise_ids
    if not pairwise.enabled:
        return list(events)
    return [replace(event, data=_details(event.data, _to_sector(pairwise, event.tenant))) for event in events]


def _event_for_apps(pairwise: PairwiseIds, translate: Translate | None, event: Event) -> Event:
    if translate is None:
        return event
    return replace(event, data=translate(event.data, _to_sector(pairwise, event.tenant)))
