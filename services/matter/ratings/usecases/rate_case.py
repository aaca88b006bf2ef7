"""Rate a case, once, after its decision."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from services.matter.cases.domain import states
from services.matter.cases.domain.ports import HasEngine, HasLockedCases
from services.matter.ratings.domain.errors import CaseAlreadyRated, CaseNotRatable
from services.matter.ratings.domain.ports import HasRatings
from services.matter.ratings.domain.rating import ANSWER_WITHIN_WORKING_DAYS, BAD, RATED, TO_ANSWER, Rating
from services.matter.ratings.usecases.views import RatedView, rated_view
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.ids import new_id
from shared_components.kernel.transactions import HasClock, HasEvents
from shared_components.kernel.working_days import YearNotLoaded

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

RATABLE = (states.COMPLETED, states.REFUSED, states.TERMINATED)


class RateCaseTx(HasClock, HasEngine, HasEvents, HasLockedCases, HasRatings, Protocol):
    """The part of a transaction that rating a case uses."""


@dataclass(frozen=True, slots=True)
class RateCase:
    """level: 5 (very satisfied) to 1. comment: at most 500 characters."""

    case_id: str
    level: int
    scores: Mapping[str, int] = field(default_factory=dict)
    comment: str | None = field(default=None, repr=False)


def rate_case(tx: RateCaseTx, command: RateCase, context: CallContext) -> RatedView:
    """Keep the applicant's rating; a bad one waits for the department's answer.

    Raises CaseNotFound, CaseNotRatable, CaseAlreadyRated.
    """
    case, now = tx.cases.lock(context, command.case_id), tx.clock.now()
    if case.state not in RATABLE:
        raise CaseNotRatable(Bilingual(
            f"case {case.id} is {case.state!r}; only {', '.join(RATABLE)} ones are rated",
            f"办件 {case.id} 的状态为“{case.state}”；只有已办结、不予办理或已终止的办件可以评价"))
    bad = command.level in BAD
    rating = Rating(
        new_id("rat"), case.tenant, case.id, case.matter_code, command.level, dict(command.scores),
        TO_ANSWER if bad else RATED, now, _answered_until(tx, now) if bad else None, comment=command.comment)
    if not tx.ratings.add(rating):
        raise CaseAlreadyRated(Bilingual(
            f"case {case.id} was rated before; one rating for each case is allowed",
            f"办件 {case.id} 已评价；每件只能评价一次"))
    tx.events.record("case-rated", aggregate=case.id, tenant=case.tenant, data={
        "rating_id": rating.id, "case_id": case.id, "matter_code": case.matter_code, "level": rating.level,
        "state": rating.state, "app": case.served_app, "due_at": rating.due_at})
    return rated_view(rating)


def _answered_until(tx: RateCaseTx, now: datetime) -> datetime | None:
    """None while the days of that year are not known."""
    try:
        return tx.engine.calendar.due(now, ANSWER_WITHIN_WORKING_DAYS)
    except YearNotLoaded:
        return None
