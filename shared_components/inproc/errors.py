"""Exceptions that RabbitMQ answers with, as py-amqp raises them."""
from __future__ import annotations

from amqp.exceptions import (
    AccessRefused,
    AMQPNotImplementedError,
    ChannelError,
    InvalidCommand,
    NotAllowed,
    NotFound,
    PreconditionFailed,
    ResourceLocked,
)

NO_ROUTE = 312


def no_route() -> ChannelError:
    return ChannelError("NO_ROUTE", (60, 50), reply_code=NO_ROUTE)


def not_found(what: str, name: str, host: str) -> NotFound:
    return NotFound(f"NOT_FOUND - no {what} '{name}' in vhost '{host}'", (50, 10), reply_code=404)


def precondition_failed(problem: str, method: tuple[int, int] = (50, 10)) -> PreconditionFailed:
    return PreconditionFailed(f"PRECONDITION_FAILED - {problem}", method, reply_code=406)


def access_refused(problem: str, method: tuple[int, int] = (50, 10)) -> AccessRefused:
    return AccessRefused(f"ACCESS_REFUSED - {problem}", method, reply_code=403)


def resource_locked(queue: str, host: str) -> ResourceLocked:
    text = f"RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '{queue}' in vhost '{host}'"
    return ResourceLocked(text, (50, 10), reply_code=405)


def not_allowed(problem: str) -> NotAllowed:
    return NotAllowed(f"NOT_ALLOWED - {problem}", (60, 20), reply_code=530)


def unknown_exchange_type(kind: str) -> InvalidCommand:
    return InvalidCommand(f"COMMAND_INVALID - unknown exchange type '{kind}'", (40, 10), reply_code=503)


def not_supported(feature: str) -> AMQPNotImplementedError:
    return AMQPNotImplementedError(f"NOT_IMPLEMENTED - inproc:// does not support {feature}", reply_code=540)
