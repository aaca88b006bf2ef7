"""One summary line and one touch of the metrics a group of calls or events."""
from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

import orjson

from shared_components.kernel.errors import AppError
from shared_components.observability.metrics import METRICS
from shared_components.observability.patterns import scrub_foreign_text
from shared_components.observability.tracing import trace_id_of

log = logging.getLogger("zhongtai.calls")
OK = "ok"
# The caller's mistakes are news about the caller; these are news about us.
OUR_TROUBLE = frozenset({"internal", "unavailable", "outcome-unknown"})


class CallContextLike(Protocol):
    @property
    def caller(self) -> str: ...
    @property
    def traceparent(self) -> str | None: ...


class FinishedCall(Protocol):
    @property
    def context(self) -> CallContextLike: ...
    @property
    def outcome(self) -> Any: ...


HEARTBEATS = frozenset({"read_feed"})
"""Methods that each copy calls twice a second. A line for each good call would hide all others; metrics count them."""


class _Settings:
    sample: float = 1.0
    handler: logging.StreamHandler[Any] | None = None


def configure(*, sample: float, json_stream: logging.StreamHandler[Any] | None) -> None:
    """json_stream: where JSON lines are written at once for a whole group; None sends them through `logging`."""
    _Settings.sample, _Settings.handler = sample, json_stream


def group_finished(service: str, method: str, calls: Sequence[FinishedCall], duration_s: float) -> None:
    """Record a group of calls of one method. An outcome that is an AppError failed, any other succeeded."""
    outcomes = Counter([call.outcome.category for call in calls if isinstance(call.outcome, AppError)])
    if succeeded := len(calls) - outcomes.total():
        outcomes[OK] = succeeded
    METRICS.record_group(service, method, outcomes, duration_s)
    sample = 0.0 if method in HEARTBEATS else _Settings.sample
    told = [call for call in calls if sample >= 1.0 or random.random() < sample or isinstance(call.outcome, AppError)]
    _write([call_summary(service, method, call, duration_s, len(calls)) for call in told if _is_enabled(call)])


def our_troubles(calls: Sequence[FinishedCall]) -> int:
    """Count the calls that failed by our fault, not by the caller's."""
    return sum(isinstance(call.outcome, AppError) and call.outcome.category in OUR_TROUBLE for call in calls)


def call_summary(
    service: str, method: str, call: FinishedCall, duration_s: float, group_size: int = 1
) -> dict[str, Any]:
    """The facts of one call, without its arguments and its reply."""
    error = call.outcome if isinstance(call.outcome, AppError) else None
    return {
        "service": service,
        "method": method,
        "caller": call.context.caller,
        "outcome": _outcome(call.outcome),
        "code": error.code if error else OK,
        "duration_ms": round(duration_s * 1000, 2),
        "group_size": group_size,
        "trace_id": trace_id_of(call.context.traceparent),
    }


def events_handled(service: str, handler: str, errors: Sequence[str | None], duration_s: float) -> None:
    """Record a group of events given to one handler. errors: one an event; None for success."""
    failed = [error for error in errors if error is not None]
    METRICS.record_events(service, handler, len(errors) - len(failed), len(failed), duration_s)
    for error in failed:
        log.warning("bus.event.failed", extra={
            "service": service, "handler": handler, "error": scrub_foreign_text(error),
            "duration_ms": round(duration_s * 1000, 2),
        })
    if not failed and log.isEnabledFor(logging.INFO) and _sampled():
        log.info("bus.event.handled", extra={
            "service": service, "handler": handler, "group_size": len(errors),
            "duration_ms": round(duration_s * 1000, 2),
        })


def _outcome(outcome: Any) -> str:
    return outcome.category if isinstance(outcome, AppError) else OK


def _is_enabled(call: FinishedCall) -> bool:
    return log.isEnabledFor(_level(_outcome(call.outcome)))


def _sampled() -> bool:
    return _Settings.sample >= 1.0 or random.random() < _Settings.sample


def _write(summaries: Sequence[Mapping[str, Any]]) -> None:
    handler = _Settings.handler
    if handler is None:
        for summary in summaries:
            log.log(_level(summary["outcome"]), "bus.call.finished", extra=dict(summary))
        return
    if not summaries:
        return
    # A group's lines in one write: through `logging` they would cost more than many a call.
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    lines = [
        orjson.dumps({
            "event": "bus.call.finished", "level": logging.getLevelName(_level(summary["outcome"])).lower(),
            "logger": log.name, "timestamp": now, **summary,
        }).decode()
        for summary in summaries
    ]
    handler.acquire()
    try:
        handler.stream.write("\n".join(lines) + "\n")
        handler.flush()
    finally:
        handler.release()


def _level(outcome: str) -> int:
    return logging.WARNING if outcome in OUR_TROUBLE else logging.INFO
