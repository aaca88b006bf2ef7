"""The contract of ratings."""
from __future__ import annotations

from marshmallow import fields, validate

from services.matter.common import texts
from services.matter.common.fields import PERSONAL, limited_text, moment
from services.matter.ratings.domain.rating import SCORES, STATE
from services.matter.ratings.usecases import answer_rating, rate_case
from shared_components.contracts import EventContract, Message, PageReply, PageRequest, text

RATING_ID = text("The rating's id, such as rat_….", "评价编号（rat_ 开头）。")
LEVEL = text(
    "5 very satisfied, 4 satisfied, 3 fair, 2 dissatisfied or 1 very dissatisfied.",
    "评价等级：5 非常满意，4 满意，3 基本满意，2 不满意，1 非常不满意。")
STATE_TEXT = text(
    "rated; of a bad rating to-answer, appealed or answered.",
    "状态：rated 已评价；差评为 to-answer 待处理、appealed 已申诉或 answered 已处理。")
DUE_AT = text(
    "By when a bad rating is answered, UTC; null for others, and while the holidays of that year are not announced.",
    "差评处理期限（UTC）；非差评，或当年放假安排尚未公布为 null。")


class RateCase(Message):
    command = rate_case.RateCase
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    level = fields.Integer(required=True, validate=validate.Range(1, 5), metadata=LEVEL)
    scores = fields.Dict(
        keys=fields.String(validate=validate.OneOf(SCORES)), values=fields.Integer(validate=validate.Range(1, 5)),
        load_default=dict, metadata=text(
            "Scores from 5 to 1 by name: efficiency, guide, convenience, platform; each may be left out.",
            "分项评分（5 至 1），可不填：efficiency 办事效率，guide 指南精确度，convenience 便捷度，"
            "platform 平台操作性。"))
    comment = limited_text(500, load_default=None, allow_none=True, metadata=text(
        "In words, up to 500 characters; null to leave it out.", "文字评价，500 字以内；可为 null。", **PERSONAL))


class Rated(Message):
    rating_id = fields.String(required=True, metadata=RATING_ID)
    case_id = fields.String(required=True, metadata=texts.CASE_ID)
    level = fields.Integer(required=True, metadata=LEVEL)
    state = fields.String(required=True, validate=validate.OneOf(STATE.states), metadata=STATE_TEXT)
    due_at = moment(required=True, metadata=DUE_AT)


class Rating(Rated):
    matter_code = fields.String(required=True, metadata=texts.MATTER_CODE)
    scores = fields.Dict(required=True, metadata=text("Scores by name.", "分项评分。"))
    rated_at = fields.AwareDateTime(required=True, metadata=text("When it was given, UTC.", "评价时间（UTC）。"))
    overdue = fields.Boolean(required=True, metadata=texts.OVERDUE)
    answered_at = moment(required=True, metadata=text(
        "When it was answered, UTC; null until then.", "处理时间（UTC）；未处理为 null。"))
    comment = fields.String(required=True, allow_none=True, metadata=text(
        "What the applicant wrote; null: nothing.", "申请人的文字评价；没有为 null。", **PERSONAL))
    answer = fields.String(required=True, allow_none=True, metadata=text(
        "What was done about it; null until then.", "处理情况；未处理为 null。", **PERSONAL))
    appeal = fields.String(required=True, allow_none=True, metadata=text(
        "Why an officer holds that it should not count; null: nobody does.", "申诉理由；没有为 null。", **PERSONAL))


class ListRatings(PageRequest):
    command = answer_rating.ListRatings
    state = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(STATE.states), metadata=text(
            "Only ratings in this state; null for all.", "只查该状态的评价；null 为不限。"))


class Ratings(PageReply):
    items = fields.List(fields.Nested(Rating), required=True, metadata=text(
        "The ratings on this page, oldest first.", "本页评价，最早的在前。"))


class AnswerRating(Message):
    command = answer_rating.AnswerRating
    rating_id = limited_text(40, required=True, metadata=RATING_ID)
    text = limited_text(500, required=True, metadata=text(
        "What was done about it, or why it should not count, up to 500 characters.",
        "处理情况或申诉理由，500 字以内。", **PERSONAL))


class DecideAppeal(Message):
    command = answer_rating.DecideAppeal
    rating_id = limited_text(40, required=True, metadata=RATING_ID)
    upheld = fields.Boolean(required=True, metadata=text(
        "true: the rating does not count any more.", "true 为申诉成立，该评价不再计入。"))
    text = limited_text(500, required=True, metadata=text(
        "Why, up to 500 characters.", "理由，500 字以内。", **PERSONAL))


class CaseRated(Message):
    rating_id = fields.String(required=True, metadata=RATING_ID)
    case_id = fields.String(required=True, metadata=texts.CASE_ID)
    matter_code = fields.String(required=True, metadata=texts.MATTER_CODE)
    level = fields.Integer(required=True, metadata=LEVEL)
    state = fields.String(required=True, metadata=STATE_TEXT)
    app = fields.String(required=True, allow_none=True, metadata=text(
        "The app that the case belongs to; null when no app began it.", "办件所属应用；不是由应用发起的为 null。"))
    due_at = fields.AwareDateTime(required=True, allow_none=True, metadata=DUE_AT)


EVENTS = (
    EventContract("case-rated", CaseRated, summary="The applicant has rated a case; a bad rating waits for an answer.",
    summary_zh="申请人已评价办件；差评须限期处理。"),
)
