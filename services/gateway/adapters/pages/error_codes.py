"""`/docs/errors`: every code that a method may answer with; where `type` of a Problem leads."""
from __future__ import annotations

from collections.abc import Iterator

from services.gateway.adapters.operations import Operations
from services.gateway.domain import errors as own
from shared_components.bus.errors import BUS_ERRORS
from shared_components.kernel.errors import CATEGORIES, AppError, StalePrecondition
from shared_components.pages.presentation import Presentation
from shared_components.pages.rendering import Pages
from shared_components.security.authority.errors import AUTHORITY_ERRORS
from shared_components.security.errors import TOKEN_ERRORS


def error_codes(pages: Pages, operations: Operations, presentation: Presentation) -> str:
    kinds = sorted(_kinds(operations), key=lambda kind: ("." in kind.code, kind.code))
    return pages.render("error_codes.html", presentation, path="/docs/errors", kinds=kinds)


def _kinds(operations: Operations) -> set[type[AppError]]:
    return {*CATEGORIES.values(), StalePrecondition, *BUS_ERRORS, *AUTHORITY_ERRORS, *TOKEN_ERRORS, *_own(), *(
        kind for operation in operations for kind in operation.contract.errors)}


def _own() -> Iterator[type[AppError]]:
    for kind in vars(own).values():
        if isinstance(kind, type) and issubclass(kind, AppError) and kind.__module__ == own.__name__:
            yield kind
