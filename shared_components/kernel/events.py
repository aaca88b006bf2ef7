"""The port through which use cases say what happened."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Events(Protocol):
    """Records events; they are published if and only if the transaction commits."""

    def record(
        self, type: str, *, aggregate: str, tenant: str, data: Mapping[str, Any], sequence: int = 0,
        traceparent: str | None = None,
    ) -> None:
        """aggregate: id of the thing it happened to; sequence: its order within that thing, 0 if unordered.

        traceparent: None is the trace of the call or event in hand.
        """
