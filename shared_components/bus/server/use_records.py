"""Use records: one for each row that left its owner, written before the reply of the call that it left with.

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
from shared_components.kernel.method_rules import PLATFORM
from shared_components.security.authority.disclosures import Disclosure, collected_disclosures

if TYPE_CHECKING:
    from shared_components.bus.server.event_recorder import TransactionScope
    from shared_components.bus.server.transactions import Transactions


class UndeclaredDisclosure(RuntimeError):
    """A method gives rows of other departments and does not say so: no call of it is answered."""


def may_disclose(service: Any, contract: MethodContract, requests: Sequence[Request]) -> bool:
    """Tell whether a reading group probably takes rows from their owners: then it runs in a writing transaction.

    An app alone reads what is its department's own. What a group without a person discloses all the same, such as an
    operator's, is recorded in a transaction of its own.
    """
    return _records(service, contract) and any(request.context.acting is not None for request in requests)


@contextmanager
def recorded_uses(
    service: Any, scope: TransactionScope, contract: MethodContract, requests: Sequence[Request],
) -> Iterator[None]:
    """Write in this transaction the use records of what is opened inside of the block; a failed call leaves none."""
    with collected_disclosures() as found:
        yield
    _write(service, scope, contract, requests, found)


@contextmanager
def recorded_afterwards(
    service: Any, transactions: Transactions, contract: MethodContract, requests: Sequence[Request],
) -> Iterator[None]:
    """Write the use records in a transaction of their own, after the block; without them there is no reply."""
    with collected_disclosures() as found:
        yield
    if found:
        with transactions.scope({one.owner for one in found}) as scope:
            _write(service, scope, contract, requests, found)


def _records(service: Any, contract: MethodContract) -> bool:
    return contract.rule is not None and contract.rule.discloses and getattr(service, "keeps_evidence", False)


def _write(
    service: Any, scope: TransactionScope, contract: MethodContract, requests: Sequence[Request],
    found: Sequence[Disclosure],
) -> None:
    if not _records(service, contract):
        undeclared = {one.basis for one in found if one.basis != PLATFORM and one.facts.keeper is None}
        if undeclared:
            raise UndeclaredDisclosure(
                f"'{contract.name}' gave rows on basis {sorted(undeclared)}; discloses=True and a log are needed")
        return
    recorder = EvidenceRecorder(scope, service.name)
    for request in requests:
        outcome = request.outcome
        if outcome is None or isinstance(outcome, AppError):
            continue
        opened = {(one.owner, one.facts.thing): one for one in found if one.context is request.context}
        for one in _in_reply(list(opened.values()), outcome):
            _record(recorder, contract.name, one, outcome)


def _in_reply(opened: Sequence[Disclosure], reply: Any) -> Sequence[Disclosure]:
    """Leave out rows that were opened for a list and are not in it: to count them, or to know of a next page.

    Where no item has the id of a row, the list is of something else, and all that was opened counts.
    """
    items = reply.get("items") if isinstance(reply, Mapping) else None
    if not isinstance(items, list) or not opened:
        return opened
    told = {value for item in items if isinstance(item, Mapping) for value in item.values() if isinstance(value, str)}
    shown = [one for one in opened if one.facts.thing in told]
    return shown if shown or not items else opened


def _record(recorder: EvidenceRecorder, method: str, one: Disclosure, outcome: Any) -> None:
    context, facts = one.context, one.facts
    recorder.record_evidence(
        context, owner=one.owner, action=f"{method}.used", about=facts.thing, basis=one.basis,
        fields=sorted(fields_of(outcome) if one.fields is None else one.fields), case=context.purpose,
        details=one.details, cause=one.cause)


def fields_of(reply: Any) -> set[str]:
    """Names of the fields of a reply that hold something; of a list, those of its items."""
    if not isinstance(reply, Mapping):
        return set()
    items = reply.get("items")
    if isinstance(items, list):
        return {name for item in items for name in fields_of(item)}
    return {str(name) for name, value in reply.items() if value not in (None, [], {})}
