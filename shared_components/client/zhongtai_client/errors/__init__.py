"""Errors as classes. Categories are here; codes are in one module a prefix: `errors.payment.OrderClosed`."""
from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module

from shared_components.kernel.errors import (
    AppError,
    Conflict,
    Forbidden,
    Internal,
    InvalidInput,
    NotFound,
    OutcomeUnknown,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)

__all__ = [
    "AppError", "Conflict", "Forbidden", "Internal", "InvalidInput", "NotFound", "OutcomeUnknown", "TooManyRequests",
    "Unauthenticated", "Unavailable", "as_client_error",
]


def as_client_error(error: AppError) -> AppError:
    """The same error as the class of its code; one whose code this version does not know stays its category's."""
    kind = _classes().get(error.code)
    return error if kind is None or isinstance(error, kind) else kind(error.text, details=error.details)


@cache
def _classes() -> dict[str, type[AppError]]:
    import_module("zhongtai_client.errors.generated")
    return {kind.code: kind for kind in _below(AppError) if kind.of_client}


def _below(kind: type[AppError]) -> Iterator[type[AppError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)
