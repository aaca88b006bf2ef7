"""What is logged and counted of the work done: one summary line a call, one touch of the metrics a group."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog

from shared_components.kernel.errors import AppError

if TYPE_CHECKING:
    from shared_components.bus.groups import Request

log = structlog.get_logger("bus.calls")


def group_finished(service: str, method: str, requests: Sequence[Request], duration_s: float) -> None:
    for request in requests:
        outcome = request.outcome
        log.info(
            "bus.call.served", method=f"{service}.{method}", caller=request.context.caller,
            outcome=outcome.category if isinstance(outcome, AppError) else "ok", duration_ms=round(duration_s * 1e3, 2))


def events_handled(service: str, handler: str, errors: Sequence[str | None], duration_s: float) -> None:
    for error in errors:
        log.info("bus.event.handled", handler=f"{service}.{handler}", outcome=error or "ok",
                 duration_ms=round(duration_s * 1e3, 2))
