"""Records of refusals: merged by owner, caller, resource and reason, two records a minute and process at most.

The first refusal is recorded at once, after its group; those of the same minute that follow are counted, and their
number is the second record. What a process had counted when it was killed is lost; its first record is not.
"""
from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from time import monotonic
from typing import Any, NamedTuple, Protocol

from shared_components.contracts.registry import MethodContract
from shared_components.db.scope import Scope
from shared_components.evidence_log import EvidenceRecorder
from shared_components.kernel.calls import CallContext
from shared_components.kernel.errors import AppError
from shared_components.observability.metrics import METRICS
from shared_components.security.authority.refusals import RefusalKey, Refusals

log = logging.getLogger(__name__)

MINUTE_S = 60.0
MOST_KEYS = 10_000
"""Kept apart in one process; the resource of further ones is `more`, until a minute has passed."""
ACTION = "refused"
BASIS = "none"


class MergedRefusal(NamedTuple):
    """One record to write. context: of the first call; None: more calls than the first were refused."""

    key: RefusalKey
    times: int
    context: CallContext | None


@dataclass(slots=True)
class _Minute:
    began: float
    more: int = 0


class RecordsRefusals(Protocol):
    """The part of a service's transactions that records of refusals need."""

    @property
    def provider(self) -> Any: ...

    def scope(self, tenants: Collection[str]) -> AbstractContextManager[Scope]: ...


class RefusalMinutes:
    """Merges the refusals of one process. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._minutes: dict[RefusalKey, _Minute] = {}

    def take(self, refusals: Refusals, now: float) -> list[MergedRefusal]:
        """Count the refusals of a group; gives what is to be recorded now."""
        ready = self.ended(now)
        for key, contexts in refusals.by_key.items():
            if key not in self._minutes and len(self._minutes) >= MOST_KEYS:
                key = key._replace(caller="more", resource="more")
            minute = self._minutes.get(key)
            if minute is None:
                self._minutes[key] = _Minute(now, len(contexts) - 1)
                ready.append(MergedRefusal(key, 1, next(iter(contexts.values()))))
            else:
                minute.more += len(contexts)
        return ready

    def ended(self, now: float) -> list[MergedRefusal]:
        """Forget minutes that are over; gives what was counted in them."""
        over = [key for key, minute in self._minutes.items() if now - minute.began >= MINUTE_S]
        counted = [(key, self._minutes.pop(key).more) for key in over]
        return [MergedRefusal(key, more, None) for key, more in counted if more]


def record_refusals(
    service: Any, contract: MethodContract, transactions: RecordsRefusals | None, found: Refusals,
) -> None:
    """Record what a group was refused, after it; a failure is logged and fails no call."""
    if found.unknown:
        METRICS.record_unknown(service.name, contract.name, found.unknown)
    if not found.by_key or transactions is None or not getattr(service, "keeps_evidence", False):
        return
    write_refusals(transactions, transactions.provider.refusals.take(found, monotonic()))


def write_refusals(transactions: RecordsRefusals, merged: Iterable[MergedRefusal]) -> None:
    """Write one evidence record for each."""
    merged = list(merged)
    if not merged:
        return
    try:
        with transactions.scope({one.key.owner for one in merged}) as scope:
            recorder = EvidenceRecorder(scope, transactions.provider.contract.service)
            for one in merged:
                _record(recorder, one)
    except AppError as error:
        log.warning("bus.refusals.not_recorded", extra={"code": error.code, "records": len(merged)})


def _record(recorder: EvidenceRecorder, one: MergedRefusal) -> None:
    key = one.key
    recorder.record_evidence(
        one.context or CallContext(key.caller, key.owner), owner=key.owner, action=ACTION, about=key.resource or "-",
        basis=BASIS, details={"reason": key.reason, "count": one.times})
