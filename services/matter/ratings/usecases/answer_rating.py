"""The department's part: list ratings, answer a bad one, appeal against it, and decide on the appeal."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from services.matter.cases.domain.ports import HasLockedCases
from services.matter.ratings.domain.errors import RatingNotFound, RatingNotOpen
from services.matter.ratings.domain.ports import HasRatings
from services.matter.ratings.domain.rating import ANSWERED, APPEALED, RATED, STATE, Rating
from services.matter.ratings.usecases.views import RatedView, RatingView, rated_view, rating_view
from services.matter.tasks.usecases.desk import officer_of, require_disinterested
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.paging import DEFAULT_LIMIT, PagedList, PageView
from shared_components.kernel.transactions import HasClock
from shared_components.security.authority.search import searched_tenant

if TYPE_CHECKING:
    from shared_components.kernel.calls import CallContext

RATINGS = PagedList[str]("matter.list_ratings", str)


class AnswerRatingTx(HasClock, HasLockedCases, HasRatings, Protocol):
    """The part of a transaction that answering ratings uses."""


@dataclass(frozen=True, slots=True)
class ListRatings:
    """state: None for all."""

    state: str | None = None
    limit: int = DEFAULT_LIMIT
    after: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerRating:
    """text: what was done about it, or why the rating should not count; at most 500 characters."""

    rating_id: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DecideAppeal:
    """upheld: the rating does not count any more. Otherwise it waits for an answer, which is then given by `text`."""

    rating_id: str
    upheld: bool
    text: str = field(repr=False)


def list_ratings(tx: AnswerRatingTx, command: ListRatings, context: CallContext) -> PageView[RatingView]:
    """List ratings of the officer's department, oldest first. Raises OfficerNeeded, PageCursorInvalid."""
    officer_of(context)
    tenant, now = searched_tenant(context), tx.clock.now()
    page = RATINGS.asked(command, context.tenant)
    found = tx.ratings.page(tenant, state=command.state, after=page.after, limit=page.fetch)
    return page.view(found, view=lambda rating: rating_view(rating, now), key=lambda rating: rating.id)


def answer_rating(tx: AnswerRatingTx, command: AnswerRating, context: CallContext) -> RatedView:
    """Answer a bad rating. Raises OfficerNeeded, RatingNotFound, OwnCase, RatingNotOpen."""
    rating = _open(tx, context, command.rating_id, ANSWERED)
    return _kept(tx, replace(rating, state=ANSWERED, answer=command.text, answered_at=tx.clock.now()))


def appeal_rating(tx: AnswerRatingTx, command: AnswerRating, context: CallContext) -> RatedView:
    """Ask a manager to set a rating aside. Raises OfficerNeeded, RatingNotFound, OwnCase, RatingNotOpen."""
    return _kept(tx, replace(_open(tx, context, command.rating_id, APPEALED), state=APPEALED, appeal=command.text))


def decide_appeal(tx: AnswerRatingTx, command: DecideAppeal, context: CallContext) -> RatedView:
    """Set a rating aside, or answer it. Raises OfficerNeeded, RatingNotFound, OwnCase, RatingNotOpen."""
    rating = _open(tx, context, command.rating_id, RATED if command.upheld else ANSWERED)
    if rating.state != APPEALED:
        raise _not_open(rating)
    return _kept(tx, replace(
        rating, state=RATED if command.upheld else ANSWERED, counts=not command.upheld, answer=command.text,
        answered_at=tx.clock.now()))


def _open(tx: AnswerRatingTx, context: CallContext, rating_id: str, target: str) -> Rating:
    officer = officer_of(context)
    rating = tx.ratings.lock(searched_tenant(context), rating_id)
    if rating is None:
        raise RatingNotFound(Bilingual(
            f"there is no rating {rating_id[:64]!r}", f"评价 {rating_id[:64]} 不存在"))
    require_disinterested(tx.cases.lock(context, rating.case_id), officer.subject)
    if not rating.is_bad or target not in STATE.targets(rating.state):
        raise _not_open(rating)
    return rating


def _not_open(rating: Rating) -> RatingNotOpen:
    return RatingNotOpen(Bilingual(
        f"rating {rating.id} is {rating.state!r}, level {rating.level}; only a bad one that waits is allowed",
        f"评价 {rating.id} 的状态为“{rating.state}”，等级为 {rating.level}；只有待处理的差评可以办理"))


def _kept(tx: AnswerRatingTx, rating: Rating) -> RatedView:
    tx.ratings.save(rating)
    return rated_view(rating)
