"""Observability of a running platform: logs without personal data, metrics, traces, health."""
from __future__ import annotations

from typing import TYPE_CHECKING

from shared_components.kernel.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from shared_components.observability.health import Health
    from shared_components.observability.health_server import HealthPortUnusable, HealthServer
    from shared_components.observability.logs import configure_logging
    from shared_components.observability.metrics import METRICS, Metrics
    from shared_components.observability.redaction import redact, register_contract, register_fields
    from shared_components.observability.tracing import TraceContext

__all__ = [
    "METRICS", "Health", "HealthPortUnusable", "HealthServer", "Metrics", "TraceContext", "configure_logging", "redact",
    "register_contract", "register_fields",
]

_HOMES = {
    "METRICS": "metrics", "Health": "health", "HealthPortUnusable": "health_server", "HealthServer": "health_server",
    "Metrics": "metrics", "TraceContext": "tracing", "configure_logging": "logs", "redact": "redaction",
    "register_contract": "redaction", "register_fields": "redaction",
}

# Late: who needs a trace's id need not load what renders logs and metrics; a command starts the sooner.
__getattr__ = lazy_exports(__name__, _HOMES)
