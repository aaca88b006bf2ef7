"""Whether a contract may be deployed beside what runs there: which consumers it would break, and by what."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared_components.contracts.consumers.registry import Consumers
from shared_components.contracts.consumers.uses import Use, broken, uses_of_copy
from shared_components.contracts.diff import compare
from shared_components.contracts.schema_walk import has_path

Contract = Mapping[str, Any]


@dataclass(frozen=True)
class Objection:
    """consumer: who would break; by what: the place in the contract and why."""

    consumer: str
    by: str

    def __str__(self) -> str:
        return f"{self.consumer}: {self.by}"


def objections(contract: Contract, consumers: Consumers, present: frozenset[str] | None = None) -> list[Objection]:
    """List what this contract would break in its consumers; empty when it breaks nothing.

    present: the apps that run in the environment; None: all that the registry knows. Matters count everywhere.
    """
    found = [*_of_uses(contract, consumers, present), *_of_copies(contract, consumers, present)]
    return sorted(set(found), key=str)


def _of_uses(contract: Contract, consumers: Consumers, present: frozenset[str] | None) -> Iterator[Objection]:
    for use in consumers.uses:
        if use.service == contract["service"] and _counts(use.consumer, present):
            yield from (Objection(f"{use.consumer} ({use.told_by})", wrong) for wrong in _missing(contract, use))


def _missing(contract: Contract, use: Use) -> Iterator[str]:
    """Yield what a consumer needs and the contract does not have."""
    if use.is_event:
        events = [event for event in contract["events"].values() if event["type"] == use.name]
        if not events:
            yield f"event {use.name} is not published"
        for path in sorted(use.reads or ()):
            if events and not any(has_path(event["data"], path) for event in events):
                yield f"event {use.name} has no field {path}"
        return
    method = contract["methods"].get(use.name)
    if method is None:
        yield f"method {use.name} is not offered"
        return
    for path in sorted(use.sends or ()):
        if not has_path(method["request"], path):
            yield f"method {use.name} takes no field {path}"
    if use.is_whole_request:
        for name in sorted(set(method["request"].get("required", ())) - (use.sends or frozenset())):
            yield f"method {use.name} requires field {name}, which is not sent"
    for path in sorted(use.reads or ()):
        if not has_path(method["reply"], path):
            yield f"method {use.name} replies without field {path}"


def _of_copies(contract: Contract, consumers: Consumers, present: frozenset[str] | None) -> Iterator[Objection]:
    """A consumer that keeps a copy of the contract may use all of it that it may call."""
    for consumer, copies in consumers.copies.items():
        if not _counts(consumer, present) or any(use.consumer == consumer for use in consumers.uses):
            continue  # Its pacts say more exactly what it uses.
        for copy in copies:
            if copy["service"] != contract["service"]:
                continue
            for finding, who in broken(compare(copy, contract), uses_of_copy(consumer, copy), str(copy["service"])):
                yield from (Objection(name, f"{finding.where}: {finding.why}") for name in who)


def _counts(consumer: str, present: frozenset[str] | None) -> bool:
    return present is None or consumer.startswith("matter ") or consumer in present
