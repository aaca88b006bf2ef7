"""Entrypoints of ratings: each calls one use case."""
from __future__ import annotations

from services.matter.cases.domain.errors import CaseNotFound
from services.matter.cases.entrypoints import OWN_CASE
from services.matter.common.callers import APPS
from services.matter.ratings import schemas
from services.matter.ratings.domain import errors
from services.matter.ratings.usecases import answer_rating as answering
from services.matter.ratings.usecases import rate_case as rating
from services.matter.ratings.usecases.views import RatedView, RatingView
from services.matter.tasks.domain.errors import OfficerNeeded, OwnCase
from services.matter.tasks.entrypoints.desk import AT_THE_DESK
from shared_components.bus import rpc_method
from shared_components.kernel.calls import Call
from shared_components.kernel.method_rules import RuleArguments
from shared_components.kernel.paging import PageView

MANAGED: RuleArguments = {**AT_THE_DESK, "roles": ["manager"]}
ONE_RATING = (OfficerNeeded, OwnCase, errors.RatingNotFound, errors.RatingNotOpen)


class RatingEntrypoints:
    """Methods about ratings."""

    @rpc_method(request=schemas.RateCase, reply=schemas.Rated, callers=APPS, mutating=True, public=True,
                errors=[CaseNotFound, errors.CaseNotRatable, errors.CaseAlreadyRated],
        **OWN_CASE, zh="好差评：办结后由申请人评价一次；差评须限期处理。")
    def rate_case(self, tx: rating.RateCaseTx, call: Call[rating.RateCase]) -> RatedView:
        """Rate a case once it is decided; a bad rating waits for the department's answer."""
        return rating.rate_case(tx, call.data, call.context)

    @rpc_method(request=schemas.ListRatings, reply=schemas.Ratings, callers=APPS, public=True, errors=[OfficerNeeded],
        **AT_THE_DESK, zh="查询本部门的评价，最早的在前；可只看待处理的差评。")
    def list_ratings(
        self, tx: answering.AnswerRatingTx, call: Call[answering.ListRatings],
    ) -> PageView[RatingView]:
        """List ratings of the officer's department, oldest first."""
        return answering.list_ratings(tx, call.data, call.context)

    @rpc_method(request=schemas.AnswerRating, reply=schemas.Rated, callers=APPS, mutating=True, public=True,
                errors=[*ONE_RATING],
        **AT_THE_DESK, zh="填写差评的处理情况。")
    def answer_rating(self, tx: answering.AnswerRatingTx, call: Call[answering.AnswerRating]) -> RatedView:
        """Answer a bad rating: what was done about it."""
        return answering.answer_rating(tx, call.data, call.context)

    @rpc_method(request=schemas.AnswerRating, reply=schemas.Rated, callers=APPS, mutating=True, public=True,
                errors=[*ONE_RATING],
        **AT_THE_DESK, zh="对差评提出申诉，由负责人裁定。")
    def appeal_rating(self, tx: answering.AnswerRatingTx, call: Call[answering.AnswerRating]) -> RatedView:
        """Ask a manager to set a bad rating aside."""
        return answering.appeal_rating(tx, call.data, call.context)

    @rpc_method(request=schemas.DecideAppeal, reply=schemas.Rated, callers=APPS, mutating=True, public=True,
                errors=[*ONE_RATING],
        **MANAGED, zh="负责人裁定申诉：成立则评价不再计入，不成立则填写处理情况。")
    def decide_appeal(self, tx: answering.AnswerRatingTx, call: Call[answering.DecideAppeal]) -> RatedView:
        """Set a rating aside, or dismiss the appeal and answer it."""
        return answering.decide_appeal(tx, call.data, call.context)
