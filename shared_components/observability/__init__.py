"""What a running platform tells about itself: logs without personal data, metrics, traces, health."""
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
