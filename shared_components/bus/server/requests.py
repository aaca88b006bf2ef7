"""A call on its way through the server: what came in, and how it ended."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared_components.kernel.calls import Call, CallContext

Outcome = Any
"""The dumped reply, or an AppError."""


@dataclass(slots=True)
class Request:
    """A call that reached the service: raw arguments and an authenticated context."""

    kwargs: Mapping[str, Any]
    context: CallContext
    outcome: Outcome = None
    done: bool = False
    call: Call | None = None

    def finish(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.done = True
