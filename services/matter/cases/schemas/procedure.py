"""The procedure by law of a case."""
from __future__ import annotations

from marshmallow import fields, validate

from services.matter.cases.domain.procedure import CAUSES
from services.matter.common.fields import moment
from shared_components.contracts import Message, text

CAUSE = text(
    "hearing, inspection (also testing and quarantine) or expert-review.",
    "期限停止计算的原因：hearing 听证，inspection 检验、检测、检疫，expert-review 专家评审。")


class Stop(Message):
    cause = fields.String(required=True, validate=validate.OneOf(list(CAUSES)), metadata=CAUSE)
    begun_at = fields.AwareDateTime(required=True, metadata=text(
        "When the limits stopped, UTC.", "停止计算的时间（UTC）。"))
    ended_at = moment(required=True, metadata=text(
        "When they ran on, UTC; null while they stand.", "恢复计算的时间（UTC）；尚未恢复为 null。"))
    expected_working_days = fields.Integer(required=True, metadata=text(
        "How many working days it was said to take.", "告知的所需时间（工作日）。"))


class Extension(Message):
    at = fields.AwareDateTime(required=True, metadata=text("When it was approved, UTC.", "批准时间（UTC）。"))
    reason = fields.String(required=True, metadata=text(
        "Why, as the applicant was told.", "延长理由，已告知申请人。"))


class Procedure(Message):
    received_at = fields.AwareDateTime(required=True, metadata=text(
        "When the application was received, UTC.", "收件时间（UTC）。"))
    accepted_at = moment(required=True, metadata=text(
        "As of when it is accepted, UTC; null until then.", "受理时间（UTC）；未受理为 null。"))
    deemed_accepted = fields.Boolean(required=True, metadata=text(
        "Whether it counts as accepted because no supplement was told of within five working days.",
        "是否因五个工作日内未告知补正而视为受理。"))
    examined_at = moment(required=True, metadata=text(
        "When the examination ended, UTC; null until then.", "审查完成时间（UTC）；未完成为 null。"))
    decided_at = moment(required=True, metadata=text(
        "When it was decided, UTC; null until then.", "作出决定的时间（UTC）；未决定为 null。"))
    ended_at = moment(required=True, metadata=text(
        "When the procedure ended, UTC; null until then.", "程序结束时间（UTC）；未结束为 null。"))
    promised_due_at = moment(required=True, metadata=text(
        "The promised limit (承诺时限), UTC; null before the acceptance, after the decision, while the limits stand, "
        "and while the holidays of that year are not announced.",
        "承诺办结期限（UTC）；受理前、决定后、期限停止计算期间，以及当年放假安排尚未公布时为 null。"))
    legal_due_at = moment(required=True, metadata=text(
        "The legal limit (法定时限), UTC; null as promised_due_at.", "法定办结期限（UTC）；为 null 的情形同承诺时限。"))
    pending_year = fields.Integer(required=True, allow_none=True, metadata=text(
        "The year whose working days must be announced before a limit is known; null when none is.",
        "期限待定所需的年份：该年放假安排公布后即确定；没有待定为 null。"))
    stopped = fields.Boolean(required=True, metadata=text("Whether the limits stand still.", "期限是否停止计算。"))
    stops = fields.List(fields.Nested(Stop), required=True, metadata=text(
        "Times that do not count, oldest first.", "不计入期限的时间，最早的在前。"))
    extension = fields.Nested(Extension, required=True, allow_none=True, metadata=text(
        "The extension of the limits; null when there is none.", "期限延长；没有为 null。"))
