"""`/docs/errors`: every code that a method may answer with; where `type` of a Problem leads."""
from __future__ import annotations

from collections.abc import Iterator

from services.gateway.adapters.html import Html, chinese, page, row, table, tag
from services.gateway.adapters.operations import Operations
from services.gateway.domain import errors as own
from shared_components.bus.errors import BUS_ERRORS
from shared_components.kernel.errors import CATEGORIES, AppError, StalePrecondition

HEADS = ("code", "category", "HTTP", "English", "中文")


def error_codes(operations: Operations) -> Html:
    rows = [
        row(HEADS, tag("code", kind.code), kind.category, str(kind.http_status), kind.texts.get("en", ""),
            chinese(kind.texts.get("zh", "")), id=kind.code)
        for kind in sorted(_kinds(operations), key=lambda kind: ("." in kind.code, kind.code))
    ]
    return page(
        "/docs/errors", "zhongtai: error codes",
        tag("h1", "Error codes"),
        tag("p", "An error is a Problem (RFC 9457): type, title, status, detail, code, category, trace_id, and fields "
            "where a field is wrong. Programs decide by category and, where it matters, by code."),
        table(HEADS, rows),
    )


def _kinds(operations: Operations) -> set[type[AppError]]:
    return {*CATEGORIES.values(), StalePrecondition, *BUS_ERRORS, *_own(), *(
        kind for operation in operations for kind in operation.contract.errors)}


def _own() -> Iterator[type[AppError]]:
    for kind in vars(own).values():
        if isinstance(kind, type) and issubclass(kind, AppError) and kind.__module__ == own.__name__:
            yield kind
