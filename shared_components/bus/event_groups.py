"""Run a group of events of one handler: deduplicate by the inbox, handle, mark, in one transaction."""
from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from shared_components.bus.call import Event
from shared_components.bus.unit import Units
from shared_components.db import inbox
from shared_components.kernel.errors import AppError
from shared_components.observability.tracing import current_traceparent

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Handling:
    """An event on its way through one handler. error: why it must be tried again, or None."""

    event: Event
    consumer: str
    error: str | None = None


def run_events(
    service: Any, handler: Callable[..., Any], own_transactions: bool, group: Sequence[Handling],
) -> Sequence[Handling]:
    """Handle every event of the group, or say on it why not; never raises for what one event did."""
    units: Units = service.unit
    if own_transactions:
        for handling in group:
            _guard(handling, partial(_handle_own, service, units, handler, handling))
        return group
    try:
        _handle_together(service, units, handler, group)
    except Exception:
        # Which one it was is not known: each gets its own transaction.
        for handling in group:
            _guard(handling, partial(_handle_together, service, units, handler, [handling]))
    return group


def _handle_together(service: Any, units: Units, handler: Callable[..., Any], group: Sequence[Handling]) -> None:
    consumer = group[0].consumer
    with units.scope({handling.event.tenant for handling in group}) as scope:
        unseen = inbox.unseen(scope.session, consumer, [handling.event.id for handling in group])
        fresh = [handling for handling in _once(group) if handling.event.id in unseen]
        if not fresh:
            return
        # Marked first: two processes with the same event collide here, before either has an effect.
        inbox.mark(scope.session, consumer, [handling.event.id for handling in fresh], now=units.clock.now())
        unit = units.provider.make(scope)
        for handling in fresh:
            current_traceparent.set(handling.event.traceparent)
            handler(service, unit, handling.event)


def _handle_own(service: Any, units: Units, handler: Callable[..., Any], handling: Handling) -> None:
    event = handling.event
    with units.reading([event.tenant]) as scope:
        if not inbox.unseen(scope.session, handling.consumer, [event.id]):
            return
    current_traceparent.set(event.traceparent)
    handler(service, units, event)
    with units.scope([event.tenant]) as scope:
        if inbox.unseen(scope.session, handling.consumer, [event.id]):
            inbox.mark(scope.session, handling.consumer, [event.id], now=units.clock.now())


def _once(group: Sequence[Handling]) -> list[Handling]:
    seen: set[str] = set()
    return [h for h in group if not (h.event.id in seen or seen.add(h.event.id))]  # type: ignore[func-returns-value]


def _guard(handling: Handling, run: Callable[[], None]) -> None:
    try:
        run()
    except AppError as error:
        handling.error = error.code
        log.warning("bus.event.failed", extra={"consumer": handling.consumer, "code": error.code})
    except Exception as error:
        handling.error = type(error).__name__
        log.exception("bus.event.failed", extra={"consumer": handling.consumer})
