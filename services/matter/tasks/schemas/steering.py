"""Requests about the course of a case: pause, run, skip, end, hand on."""
from __future__ import annotations

from marshmallow import fields, validate

from services.matter.cases.domain.procedure import CAUSES
from services.matter.cases.schemas.procedure import CAUSE
from services.matter.common import texts
from services.matter.common.fields import PERSONAL, limited_text
from services.matter.kinds.task.settings import ROLES
from services.matter.tasks.usecases import decide_acceptance, hand_on, steer_case, steer_limits, steer_step
from shared_components.contracts import Message, SubjectId, text

LONGEST_REASON = 200
REASON = text(
    "Why, up to 200 characters, for the record.", "理由，200 字以内，留存备查。", **PERSONAL)
STEP = text(
    "The step's name, up to 64 characters.", "步骤名称，最长 64 位。")


class SteerCase(Message):
    command = steer_case.SteerCase
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    reason = limited_text(LONGEST_REASON, required=True, metadata=REASON)


class EndCase(Message):
    command = steer_case.SteerCase
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    reason = limited_text(LONGEST_REASON, required=True, metadata=text(
        "Why, up to 200 characters; the applicant reads it.", "理由，200 字以内，申请人可见。", **PERSONAL))


class SteerStep(Message):
    command = steer_step.SteerStep
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    step = limited_text(64, required=True, metadata=STEP)
    reason = limited_text(LONGEST_REASON, required=True, metadata=REASON)


class EscalateCase(Message):
    command = hand_on.EscalateCase
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    step = limited_text(64, required=True, metadata=STEP)
    role = fields.String(required=True, validate=validate.OneOf(ROLES), metadata=text(
        "The role of the officers who are to do it.", "接办岗位。"))
    reason = limited_text(LONGEST_REASON, required=True, metadata=REASON)


class DelegateTask(Message):
    command = hand_on.DelegateTask
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    step = limited_text(64, required=True, metadata=STEP)
    officer = SubjectId(required=True, validate=validate.Length(1, 64), metadata=text(
        "The colleague's id in identity; the colleague needs the step's role.",
        "接办人在身份服务中的编号；接办人须具有该环节的岗位。"))
    reason = limited_text(LONGEST_REASON, required=True, metadata=REASON)


class DecideAcceptance(Message):
    command = decide_acceptance.DecideAcceptance
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    step = limited_text(64, required=True, metadata=STEP)
    decision = fields.String(
        required=True, validate=validate.OneOf([decide_acceptance.ACCEPT, decide_acceptance.DECLINE]), metadata=text(
            "accept 受理 or decline 不予受理.", "决定：accept 受理，decline 不予受理。"))
    reason = limited_text(500, load_default=None, allow_none=True, metadata=text(
        "Why, up to 500 characters; the applicant reads it. Needed to decline.",
        "理由，500 字以内，申请人可见；不予受理时必填。", **PERSONAL))


class ExtendCase(Message):
    command = steer_limits.ExtendCase
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    reason = limited_text(LONGEST_REASON, required=True, metadata=text(
        "Why, up to 200 characters; the applicant is told.", "延长理由，200 字以内，须告知申请人。"))


class StopClock(Message):
    command = steer_limits.StopClock
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    cause = fields.String(required=True, validate=validate.OneOf(list(CAUSES)), metadata=CAUSE)
    expected_working_days = fields.Integer(required=True, validate=validate.Range(1, 250), metadata=text(
        "How many working days it is expected to take, 1 to 250; the applicant is told.",
        "预计所需时间（工作日），1 至 250，须告知申请人。"))
