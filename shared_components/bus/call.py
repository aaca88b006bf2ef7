"""What a handler is given: a call with its context, or an event."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple


# Tuples, because one of each is made for every call, and a frozen dataclass takes twice as long to make.
class CallContext(NamedTuple):
    """Who calls, for whom, and until when.

    caller: the authenticated name of the calling service or app.
    tenant: the department whose data is meant; from the caller's credential, never from the request.
    subject: id of the person or organisation acted for, if any.
    op_id: the operation id; present on every mutating call.
    deadline_s: epoch seconds (UTC) after which nobody waits for the reply.
    traceparent: W3C trace context.
    """

    caller: str
    tenant: str
    op_id: str | None = None
    deadline_s: float | None = None
    subject: str | None = None
    locale: str = "zh-CN"
    traceparent: str | None = None


class Call(NamedTuple):
    """data: the validated request, as the schema loads it."""

    data: Mapping[str, Any]
    context: CallContext


@dataclass(frozen=True)
class Event:
    """Something that happened in a service, once it was committed.

    aggregate: id of the thing it happened to; sequence: its order within that thing (1, 2, …), 0 if unordered.
    """

    id: str
    type: str
    source: str
    occurred_at: datetime
    aggregate: str
    tenant: str
    data: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    sequence: int = 0
    traceparent: str | None = None
