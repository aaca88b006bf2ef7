"""Metrics of the gateway, beside those of every process."""
from __future__ import annotations

from prometheus_client import Counter, Histogram

from shared_components.kernel.callers import GATEWAY
from shared_components.observability.load import load_meter
from shared_components.observability.metrics import DURATIONS_S, METRICS

# path is a template, never an address: the number of its values is bounded by the contracts.
REQUESTS = Counter(
    "zhongtai_http_requests", "HTTP requests answered; status 0: the client had gone.", ("method", "path", "status"),
    registry=METRICS.registry)
SECONDS = Histogram(
    "zhongtai_http_request_duration_seconds", "Time from a request's headers to its answer.", ("method", "path"),
    registry=METRICS.registry, buckets=DURATIONS_S)
ROTATING_KEYS = Counter(
    "zhongtai_http_rotating_key_uses", "Requests of an app that has two keys, by the key's place in its entry.",
    ("app", "key"), registry=METRICS.registry)


def note_rotating_key(app: str, number: int) -> None:
    """number: from 1. When the old key's count stands still, it can be taken out."""
    METRICS.child(ROTATING_KEYS, app, str(number)).inc()


def record_request(method: str, path: str, status: int, duration_s: float) -> None:
    METRICS.child(REQUESTS, method, path, str(status)).inc()
    METRICS.child(SECONDS, method, path).observe(duration_s)
    load_meter(GATEWAY).answered(1, duration_s, failed=int(status >= 500))
