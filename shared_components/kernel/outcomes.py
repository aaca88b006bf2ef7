"""Outcomes of the calls of a group: for each a result, or the error that is its own."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from shared_components.kernel.errors import AppError

Given = TypeVar("Given")
Result = TypeVar("Result")


def attempt(function: Callable[..., Result], *arguments: object) -> Result | AppError:
    """Return the result, or the error that is raised: a bad call never sinks its neighbours."""
    try:
        return function(*arguments)
    except AppError as error:
        return error


def for_good(outcomes: Iterable[Given | AppError], then: Callable[[Given], Result]) -> list[Result | AppError]:
    """Apply `then` to each result; errors stay as they are."""
    return [one if isinstance(one, AppError) else attempt(then, one) for one in outcomes]


def only(outcomes: Sequence[Result | AppError]) -> Result:
    """Return the outcome of a group of one. Raises the error that it is."""
    (outcome,) = outcomes
    if isinstance(outcome, AppError):
        raise outcome
    return outcome
