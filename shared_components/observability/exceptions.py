"""Exceptions as they may be logged: where, of which type, and of the message what cannot be anybody's data.

No local variables, and no causes' values: only types, our own messages, and the skeleton of foreign ones.
"""
from __future__ import annotations

import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

from shared_components.kernel.errors import AppError
from shared_components.observability.patterns import scrub_foreign_text, scrub_free_text

# A programmer's mistakes: what they quote are names in the code.
ABOUT_CODE = (AttributeError, ImportError, NameError, TypeError)
MAX_FRAMES, MAX_CHAIN = 30, 5


def describe_exception(error: BaseException) -> str:
    """`Type: message`, without quoted values unless the message is our own."""
    name = type(error).__name__
    if isinstance(error, AppError):
        return f"{name}[{error.code}]: {scrub_free_text(error.message)}"
    try:
        # SQLAlchemy's own text holds the statement; the driver's message is enough.
        text = scrub_foreign_text(
            str(getattr(error, "orig", None) or error), quotes_code=isinstance(error, ABOUT_CODE))
    except Exception:
        text = "(its message cannot be shown)"
    return f"{name}: {text}" if text else name


def format_exception(error: BaseException) -> str:
    """The traceback with its chain, the oldest first."""
    parts: list[str] = []
    current: BaseException | None = error
    while current is not None and len(parts) < MAX_CHAIN:
        parts.append(_format_frames(current.__traceback__) + describe_exception(current))
        if isinstance(current, BaseExceptionGroup):
            parts[-1] += "".join(f"\n  | {describe_exception(inner)}" for inner in current.exceptions)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n\nwhich led to:\n\n".join(reversed(parts))


def _format_frames(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)[-MAX_FRAMES:]
    if not frames:
        return ""
    lines = (f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}\n' for frame in frames)
    return "Traceback (most recent call last):\n" + "".join(lines)


def exception_processor(logger: Any, method: str, event_dict: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: exc_info becomes `exception`, a text that is safe to keep."""
    given = event_dict.pop("exc_info", None)
    event_dict.pop("stack_info", None)
    error = _exception_of(given)
    if error is not None:
        event_dict["exception"] = format_exception(error)
    elif "exception" in event_dict:
        # Somebody's field of that name, not a traceback of ours.
        event_dict["exception"] = scrub_foreign_text(str(event_dict["exception"]))
    return event_dict


def _exception_of(given: Any) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple) and len(given) == 3 and isinstance(given[1], BaseException):
        return given[1]
    return None
