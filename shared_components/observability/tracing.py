"""W3C trace context: `00-<trace id>-<parent id>-<flags>`.

Source: https://www.w3.org/TR/trace-context/
"""
from __future__ import annotations

import random
import re
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass

TRACEPARENT = re.compile(r"(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")

# What is being worked on in this thread or greenlet: its events and logs belong to that trace.
current_traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)


@dataclass(frozen=True, slots=True)
class TraceContext:
    """One span of a trace. trace_id: 32, span_id: 16 lower-case hex digits, neither all zero."""

    trace_id: str
    span_id: str
    sampled: bool = True

    @classmethod
    def new(cls) -> TraceContext:
        """The first span of a new trace."""
        return cls(f"{random.getrandbits(128) or 1:032x}", _span_id())

    @classmethod
    def parse(cls, traceparent: str | None) -> TraceContext | None:
        """None for what is missing or malformed: the standard asks to begin a new trace then, not to fail."""
        match = TRACEPARENT.fullmatch(traceparent or "")
        if match is None:
            return None
        version, trace_id, span_id, flags, rest = match.groups()
        if not trace_id.strip("0") or not span_id.strip("0") or (version == "00" and rest):
            return None
        return cls(trace_id, span_id, sampled=bool(int(flags, 16) & 1))

    @classmethod
    def continue_or_new(cls, traceparent: str | None) -> TraceContext:
        """A child of the given span, or the first span of a new trace."""
        parent = cls.parse(traceparent)
        return parent.child() if parent else cls.new()

    def child(self) -> TraceContext:
        """A new span of the same trace."""
        return TraceContext(self.trace_id, _span_id(), self.sampled)

    def __str__(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.sampled else '00'}"


def follow_common_trace(traceparents: Iterable[str | None]) -> None:
    """Continue the trace that all of these have in common, if there is one."""
    traces = set(traceparents)
    current_traceparent.set(traces.pop() if len(traces) == 1 else None)


def new_traceparent() -> str:
    """The first span of a new trace, as text: for each call that came without one, so it is quick and no secret."""
    # All zeros, which the standard forbids, come once in 2**64 times: whoever parses it begins a new trace.
    digits = random.randbytes(24).hex()
    return f"00-{digits[:32]}-{digits[32:]}-01"


def _span_id() -> str:
    return f"{random.getrandbits(64) or 1:016x}"


def trace_id_of(traceparent: str | None) -> str:
    """The trace id to log; empty outside of a trace."""
    context = TraceContext.parse(traceparent)
    return context.trace_id if context else ""
