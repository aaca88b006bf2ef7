"""Outcomes of asking for a task, once."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from services.matter.cases.domain.timeline import Line
from shared_components.kernel.errors import (
    AppError,
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    OutcomeUnknown,
    Unauthenticated,
)


@dataclass(frozen=True)
class Story:
    """A line for the timeline, and its values."""

    line: Line
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """applicant: what identity said about the applicant, if it was asked; the case keeps the first answer."""

    applicant: dict[str, Any] | None = None


@dataclass(frozen=True)
class Done(Outcome):
    result: dict[str, Any] = field(default_factory=dict)
    stories: tuple[Story, ...] = ()


@dataclass(frozen=True)
class Waiting(Outcome):
    """poll_after: when to ask by ourselves, if no word comes; None where nobody can be asked."""

    result: dict[str, Any] = field(default_factory=dict)
    stories: tuple[Story, ...] = ()
    poll_after: timedelta | None = None


@dataclass(frozen=True)
class Refused(Outcome):
    """A definite no, with its reason for the citizen."""

    result: dict[str, Any] = field(default_factory=dict)
    code: str = ""
    zh: str = ""
    en: str = ""


@dataclass(frozen=True)
class NotNeeded(Outcome):
    """There turned out to be nothing to do."""


@dataclass(frozen=True)
class Undone(Outcome):
    """The case is being stopped, and what the task had begun was taken back before it had its effect."""


@dataclass(frozen=True)
class TryAgain(Outcome):
    """No answer, or `not now`: the same operation id is asked again, since it may have happened."""

    error: Mapping[str, Any] = field(default_factory=dict)
    retry_after_s: float | None = None


@dataclass(frozen=True)
class Stuck(Outcome):
    """Only people can help."""

    error: Mapping[str, Any] = field(default_factory=dict)


FOR_APPLICANT = "for_applicant"
"""In an error's details: texts in zh and en that the applicant reads instead of the error's own."""


def judge(error: AppError, setup_errors: frozenset[str] = frozenset()) -> Outcome:
    """Turn an error of a component into the outcome of the task that asked it.

    setup_errors: codes for what a definition names and nobody has set up.
    The bus answers with codes of its own when the component never saw the call: these say nothing about the citizen.
    """
    facts = {"category": error.category, "code": error.code, "message": error.message}
    # A race in the component's database says as little about the citizen as the bus does.
    from_bus = error.code.startswith(("bus.", "db."))
    # InvalidInput is a mistake in the definition or in what operators have set up, not the citizen's.
    if isinstance(error, Unauthenticated | Forbidden | InvalidInput) or error.code in _OUR_MISTAKES | setup_errors:
        return Stuck(error=facts)
    if isinstance(error, Conflict | NotFound) and not from_bus:
        told = error.details.get(FOR_APPLICANT, error.texts)
        return Refused(code=error.code, zh=told.get("zh", ""), en=error.message)
    retry_after_s = error.details.get("retry_after_s")
    wait = float(retry_after_s) if isinstance(retry_after_s, int | float) else None
    return TryAgain(error=facts | {"outcome_unknown": isinstance(error, OutcomeUnknown)}, retry_after_s=wait)


_OUR_MISTAKES = frozenset({"bus.operation-reused", "bus.unknown-method", "matter.expression-failed"})
