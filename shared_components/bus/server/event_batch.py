"""Run a group of events of one handler: deduplicate by the inbox, handle, mark, in one transaction."""
from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from shared_components.bus.server.transactions import Transactions
from shared_components.db import DatabaseUnavailable, inbox
from shared_components.kernel.calls import Event
from shared_components.kernel.errors import AppError
from shared_components.observability.tracing import current_traceparent, follow_common_trace

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Handling:
    """An event on its way through one handler. error: why it must be tried again, or None."""

    event: Event
    consumer: str
    error: str | None = None


def run_events(
    service: Any, handler: Callable[..., Any], group: Sequence[Handling], *, own_transactions: bool, bulk: bool = False,
    idempotent: bool = False,
) -> Sequence[Handling]:
    """Handle every event of the group, or say on it why not; never raises for what one event did.

    handler: takes a list of events; one event where it has its own transactions and is not bulk.
    idempotent: it bears a repetition, so the inbox is neither read nor written.
    """
    transactions: Transactions = service.transactions
    if own_transactions and bulk:
        handle = _repeat_own_together if idempotent else _handle_own_together
        _handle_in_parts(transactions, group, partial(handle, service, transactions, handler))
        return group
    if own_transactions:
        for handling in group:
            _guard(handling, partial(_handle_own, service, transactions, handler, handling))
        return group
    handle = _repeat_together if idempotent else _handle_together
    _handle_in_parts(transactions, group, partial(handle, service, transactions, handler))
    return group


def one_by_one(handler: Callable[..., Any]) -> Callable[..., Any]:
    """A handler of single events as one that takes a list, each event in its own trace."""
    def handle(service: Any, tx: Any, events: Sequence[Event]) -> None:
        for event in events:
            current_traceparent.set(event.traceparent)
            handler(service, tx, event)

    return handle


def _handle_in_parts(
    transactions: Transactions, group: Sequence[Handling], handle: Callable[[Sequence[Handling]], None],
) -> None:
    """Handle all in one transaction. When it fails, divide the group until the failing event is found.

    Each event is tried at least twice before it has failed, also one that came alone.
    """
    parts, first = [group], True
    while parts:
        part = parts.pop()
        try:
            handle(part)
        except Exception as error:
            if isinstance(error, DatabaseUnavailable) and not _answers(transactions):
                # Each try would take until a connection is given up.
                for handling in [handling for left in (part, *parts) for handling in left]:
                    _failed(handling, error)
                return
            if len(part) == 1 and not first:
                _failed(part[0], error)
            else:
                half = len(part) // 2
                parts += [some for some in (part[half:], part[:half]) if some]
        first = False


def _answers(transactions: Transactions) -> bool:
    try:
        transactions.provider.database.ping()
    except AppError:
        return False
    return True


def _handle_together(
    service: Any, transactions: Transactions, handler: Callable[..., Any], group: Sequence[Handling],
) -> None:
    consumer = group[0].consumer
    with transactions.scope({handling.event.tenant for handling in group}) as scope:
        unseen = inbox.unseen(scope.session, consumer, [handling.event.id for handling in group])
        fresh = [handling for handling in _once(group) if handling.event.id in unseen]
        if not fresh:
            return
        # Marked first: two processes with the same event collide here, before either has an effect.
        inbox.mark(scope.session, consumer, [handling.event.id for handling in fresh], now=transactions.clock.now())
        follow_common_trace(handling.event.traceparent for handling in fresh)
        handler(service, transactions.provider.make(scope), [handling.event for handling in fresh])


def _repeat_together(
    service: Any, transactions: Transactions, handler: Callable[..., Any], group: Sequence[Handling],
) -> None:
    fresh = _once(group)
    with transactions.scope({handling.event.tenant for handling in group}) as scope:
        follow_common_trace(handling.event.traceparent for handling in fresh)
        handler(service, transactions.provider.make(scope), [handling.event for handling in fresh])


def _repeat_own_together(
    service: Any, transactions: Transactions, handler: Callable[..., Any], group: Sequence[Handling],
) -> None:
    fresh = _once(group)
    follow_common_trace(handling.event.traceparent for handling in fresh)
    handler(service, transactions, [handling.event for handling in fresh])


def _handle_own(service: Any, transactions: Transactions, handler: Callable[..., Any], handling: Handling) -> None:
    event = handling.event
    with transactions.reading([event.tenant]) as scope:
        if not inbox.unseen(scope.session, handling.consumer, [event.id]):
            return
    current_traceparent.set(event.traceparent)
    handler(service, transactions, event)
    with transactions.scope([event.tenant]) as scope:
        if inbox.unseen(scope.session, handling.consumer, [event.id]):
            inbox.mark(scope.session, handling.consumer, [event.id], now=transactions.clock.now())


def _handle_own_together(
    service: Any, transactions: Transactions, handler: Callable[..., Any], group: Sequence[Handling],
) -> None:
    consumer, tenants = group[0].consumer, {handling.event.tenant for handling in group}
    with transactions.reading(tenants) as scope:
        unseen = inbox.unseen(scope.session, consumer, [handling.event.id for handling in group])
    fresh = [handling for handling in _once(group) if handling.event.id in unseen]
    if not fresh:
        return
    follow_common_trace(handling.event.traceparent for handling in fresh)
    handler(service, transactions, [handling.event for handling in fresh])
    with transactions.scope(tenants) as scope:
        handled = [handling.event.id for handling in fresh]
        still = inbox.unseen(scope.session, consumer, handled)
        inbox.mark(scope.session, consumer, [one for one in handled if one in still], now=transactions.clock.now())


def _once(group: Sequence[Handling]) -> list[Handling]:
    seen: set[str] = set()
    return [h for h in group if not (h.event.id in seen or seen.add(h.event.id))]  # type: ignore[func-returns-value]


def _guard(handling: Handling, run: Callable[[], None]) -> None:
    try:
        run()
    except Exception as error:
        _failed(handling, error)


def _failed(handling: Handling, error: Exception) -> None:
    if isinstance(error, AppError):
        handling.error = error.code
        log.warning("bus.event.failed", extra={"consumer": handling.consumer, "code": error.code})
    else:
        handling.error = type(error).__name__
        log.error("bus.event.failed", exc_info=error, extra={"consumer": handling.consumer})
