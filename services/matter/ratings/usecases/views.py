"""Ratings as callers may see them."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.matter.ratings.domain.rating import Rating


@dataclass(frozen=True, slots=True)
class RatedView:
    """Replies to changes are kept as they are: no text stands in them."""

    rating_id: str
    case_id: str
    level: int
    state: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingView:
    rating_id: str
    case_id: str
    matter_code: str
    level: int
    scores: Mapping[str, int]
    state: str
    rated_at: datetime
    due_at: datetime | None
    overdue: bool
    answered_at: datetime | None
    comment: str | None = field(repr=False)
    answer: str | None = field(repr=False)
    appeal: str | None = field(repr=False)


def rated_view(rating: Rating) -> RatedView:
    return RatedView(rating.id, rating.case_id, rating.level, rating.state, rating.due_at)


def rating_view(rating: Rating, now: datetime) -> RatingView:
    return RatingView(
        rating_id=rating.id, case_id=rating.case_id, matter_code=rating.matter_code, level=rating.level,
        scores=rating.scores, state=rating.state, rated_at=rating.rated_at, due_at=rating.due_at,
        overdue=rating.due_at is not None and now > rating.due_at and rating.answered_at is None,
        answered_at=rating.answered_at, comment=rating.comment, answer=rating.answer, appeal=rating.appeal)
