"""The engine of a process: it asks for several works at once."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from services.matter.cases.domain.outcomes import Outcome
from services.matter.cases.usecases.engine import Asked, Engine
from services.matter.cases.usecases.work import Work
from shared_components.bus import Transactions, side_by_side
from shared_components.observability.tracing import current_traceparent


def engine_of(transactions: Transactions) -> Engine:
    provider = transactions.provider
    return Engine(transactions, provider.engine, provider.kinds, provider.components_for, ask_side_by_side)


def ask_side_by_side(do: Callable[[Work[Any]], Outcome], works: Sequence[Work[Any]]) -> Asked:
    """Ask for all works at once, each in the trace of its case."""
    def ask(work: Work[Any]) -> Outcome:
        current_traceparent.set(work.traceparent)
        return do(work)

    return side_by_side(ask, works)
