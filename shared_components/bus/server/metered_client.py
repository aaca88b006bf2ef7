"""The client that a service calls other services with: its calls are counted."""
from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import Any

from shared_components.bus.client.blocking import BusClient
from shared_components.kernel.errors import AppError, Internal
from shared_components.observability.calls import OK
from shared_components.observability.metrics import METRICS


class MeteredClient(BusClient):
    """A timeout shows in the caller's metrics alone: the callee may never have seen the call."""

    def call(self, service: str, method: str, kwargs: Mapping[str, Any], **options: Any) -> Any:
        started, outcome = monotonic(), Internal.category
        try:
            result = super().call(service, method, kwargs, **options)
            outcome = OK
        except AppError as error:
            outcome = error.category
            raise
        finally:
            METRICS.record_client_call(service, method, outcome, monotonic() - started)
        return result
