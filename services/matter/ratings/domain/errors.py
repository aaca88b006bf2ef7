"""Errors of ratings."""
from __future__ import annotations

from shared_components.kernel.errors import Conflict, NotFound


class CaseNotRatable(Conflict):
    """The case has not ended by a decision."""

    code = "matter.case-not-ratable"
    texts = {"en": "The case can be rated once it is decided.", "zh": "办件办结后方可评价。"}


class CaseAlreadyRated(Conflict):
    code = "matter.case-already-rated"
    texts = {"en": "The case was rated before; once is allowed.", "zh": "该办件已评价；一事一评，不能重复评价。"}


class RatingNotFound(NotFound):
    code = "matter.rating-not-found"
    texts = {"en": "There is no such rating.", "zh": "评价不存在。"}


class RatingNotOpen(Conflict):
    """The rating is not a bad one, or was answered."""

    code = "matter.rating-not-open"
    texts = {"en": "The rating does not wait for this.", "zh": "该评价当前无须处理。"}
