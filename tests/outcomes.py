"""Outcomes of calls of a group: each its reply, or its error."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from shared_components.kernel.errors import AppError

T = TypeVar("T")


def done(outcome: T | AppError) -> T:
    """Give the reply; an error is raised."""
    if isinstance(outcome, AppError):
        raise outcome
    return outcome


def one(outcomes: Sequence[T | AppError]) -> T:
    """Give the reply of a group of one call; its error is raised."""
    (outcome,) = outcomes
    return done(outcome)
