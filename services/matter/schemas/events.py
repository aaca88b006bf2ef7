"""Events of matter."""
from __future__ import annotations

from marshmallow import fields

from services.matter.schemas import texts
from shared_components.contracts import Message, text


class CaseEvent(Message):
    """Facts of a case for others: no form, no name."""

    case_id = fields.String(required=True, metadata=texts.CASE_ID)
    matter_code = fields.String(required=True, metadata=texts.MATTER_CODE)
    version = fields.Integer(required=True, metadata=texts.VERSION)
    applicant_subject = fields.String(required=True, metadata=texts.APPLICANT_SUBJECT)
    state = fields.String(required=True, metadata=text(
        "The case's state after the event, as in get_case.",
        "事件发生后的办件状态，取值同 get_case。"))
    reason_code = fields.String(required=True, allow_none=True, metadata=text(
        "A constant for why the case was refused or is stuck; null when neither.",
        "不予办理或受阻的原因代码；没有为 null。"))
    submitted_at = fields.AwareDateTime(required=True, allow_none=True, metadata=texts.SUBMITTED_AT)
    finished_at = fields.AwareDateTime(required=True, allow_none=True, metadata=texts.FINISHED_AT)


class StepDue(Message):
    """For the engine itself."""

    case_id = fields.String(required=True, metadata=texts.CASE_ID)
    step_id = fields.String(required=True, metadata=text(
        "The id of the step that is due, for the engine.",
        "到期步骤的内部编号，供引擎使用。"))
