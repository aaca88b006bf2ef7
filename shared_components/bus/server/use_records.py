"""Use records: one for each row that left its owner, written with the group that opened it.

Source: docs/adr/066-use-records-are-written-by-the-bus.md
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from shared_components.bus.server.requests import Request
from shared_components.contracts.registry import MethodContract
from shared_components.evidence_log import EvidenceRecorder
from shared_components.kernel.errors import AppError
from shared_components.security.authority.disclosures import Disclosure, collected_disclosures

if TYPE_CHECKING:
    from shared_components.bus.server.event_recorder import TransactionScope


def may_disclose(service: Any, contract: MethodContract, requests: Sequence[Request]) -> bool:
    """Tell whether a call of the group may take a row from its owner: then the group runs in a writing transaction.

    An app alone reads what is its department's own.
    """
    rule = contract.rule
    return (
        rule is not None and rule.discloses and getattr(service, "keeps_evidence", False)
        and any(request.context.acting is not None for request in requests))


@contextmanager
def recorded_uses(
    scope: TransactionScope, service: str, contract: MethodContract, requests: Sequence[Request],
) -> Iterator[None]:
    """Write the use records of what is opened inside of the block; a call that fails leaves none."""
    with collected_disclosures() as found:
        yield
    if not found:
        return
    by_context = {id(request.context): request.outcome for request in requests}
    recorder = EvidenceRecorder(scope, service)
    for one in found:
        outcome = by_context.get(id(one.context))
        if outcome is not None and not isinstance(outcome, AppError):
            _record(recorder, contract.name, one, outcome)


def _record(recorder: EvidenceRecorder, method: str, one: Disclosure, outcome: Any) -> None:
    context, facts = one.context, one.facts
    recorder.record_evidence(
        context, owner=facts.tenant, action=f"{method}.used", about=facts.thing, basis=one.basis,
        fields=sorted(fields_of(outcome) if one.fields is None else one.fields), case=context.purpose)


def fields_of(reply: Any) -> set[str]:
    """Names of the fields of a reply that hold something; of a list, those of its items."""
    if not isinstance(reply, Mapping):
        return set()
    items = reply.get("items")
    if isinstance(items, list):
        return {name for item in items for name in fields_of(item)}
    return {str(name) for name, value in reply.items() if value not in (None, [], {})}
