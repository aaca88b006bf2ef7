"""Metrics of the books."""
from __future__ import annotations

from prometheus_client import Counter

from shared_components.observability.metrics import METRICS

_REFUSED = Counter(
    "zhongtai_books_refused",
    "Tenants whose business day could not be closed, most likely since balances and entries differ, each time tried.",
    registry=METRICS.registry,
)


def count_refused_books(tenants: int) -> None:
    _REFUSED.inc(tenants)
