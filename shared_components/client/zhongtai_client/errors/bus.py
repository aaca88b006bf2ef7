"""Errors of the bus itself, `bus.…`."""
from __future__ import annotations

from shared_components.bus.errors import (
    BrokerUnavailable,
    CallerNotAllowed,
    CallerUnknown,
    ContextNotAllowed,
    DeadlinePassed,
    InvalidArguments,
    MalformedMessage,
    MethodNotGranted,
    NoReply,
    OperationReused,
    Overloaded,
    PayloadTooLarge,
    QueueFull,
    ReplyNotKept,
    ReplyTooLarge,
    ShuttingDown,
    SubjectNotFound,
    TenantUnknown,
    UnknownMethod,
    UnknownService,
)
from shared_components.kernel.calls import AppNotAllowed

__all__ = [
    "AppNotAllowed", "BrokerUnavailable", "CallerNotAllowed", "CallerUnknown", "ContextNotAllowed", "DeadlinePassed",
    "InvalidArguments", "MalformedMessage", "MethodNotGranted", "NoReply", "OperationReused", "Overloaded",
    "PayloadTooLarge", "QueueFull", "ReplyNotKept", "ReplyTooLarge", "ShuttingDown", "SubjectNotFound",
    "TenantUnknown", "UnknownMethod", "UnknownService",
]
