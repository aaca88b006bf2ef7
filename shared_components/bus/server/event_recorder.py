"""One transaction of a service and the events of it. Knows nothing of nameko, so that commands are quick to start."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared_components.bus.server.schema_instances import dump_all
from shared_components.contracts.registry import ServiceContract
from shared_components.db.feeds.recorder import FeedRecorder
from shared_components.kernel.clock import Clock
from shared_components.kernel.ids import new_id
from shared_components.observability.tracing import current_traceparent
from shared_components.security import Secrets

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class EventRecorder:
    """Collects the events of one transaction; they are published once it has committed."""

    def __init__(self, contract: ServiceContract, clock: Clock) -> None:
        self._schemas = {event.type: event for event in contract.events}
        self._service = contract.service
        self._clock = clock
        self.rows: list[Mapping[str, Any]] = []

    def record(
        self, type: str, *, aggregate: str, tenant: str, data: Mapping[str, Any], sequence: int = 0,
        version: int | None = None, occurred_at: datetime | None = None, traceparent: str | None = None,
    ) -> None:
        """Add an event to the outbox.

        type: one of the service's `emits`; data is dumped with that event's schema.
        aggregate: id of the thing it happened to; sequence: its order within that thing, 0 if unordered.
        traceparent: None is the trace of the call or event in hand, where a bulk group has one in common.
        """
        contract = self._schemas.get(type)
        if contract is None:
            raise LookupError(
                f"service {self._service} does not declare event {type!r}; it has {sorted(self._schemas)}")
        now = self._clock.now()
        self.rows.append({
            "event_id": new_id("evt"), "type": type, "version": version or contract.version, "aggregate": aggregate,
            "sequence": sequence, "tenant_id": tenant, "data": dump_all(contract.data, [data])[0],
            "occurred_at": occurred_at or now, "created_at": now,
            "traceparent": traceparent or current_traceparent.get(),
        })


@dataclass
class TransactionScope:
    """One transaction and what belongs to it.

    after_commit: called once it has committed, before the call is answered; they begin work and wait for nothing.
    """

    session: Session
    events: EventRecorder
    clock: Clock
    settings: Mapping[str, Any]
    secrets: Secrets
    feed: FeedRecorder = field(default_factory=FeedRecorder)
    after_commit: list[Callable[[], None]] = field(default_factory=list)
