"""Requests and replies of officers' work."""
from __future__ import annotations

from marshmallow import fields, validate

from services.matter.common import texts
from services.matter.common.fields import NAME, PERSONAL, form, limited_text, matter_code, moment
from services.matter.kinds.task.settings import ROLES
from services.matter.tasks.usecases import (
    answer_supplement,
    claim_task,
    complete_task,
    list_tasks,
    request_supplement,
)
from shared_components.contracts import Message, PageReply, PageRequest, SubjectId, text

WHOSE = ("all", "mine", "unclaimed")
DESK = text(
    "The role of the officers who do the step: handler 经办, approver 审批, finance 财务 or manager 负责人.",
    "办理岗位：handler 经办，approver 审批，finance 财务，manager 负责人。")
DECISION = text("approve or refuse.", "决定：approve 通过，refuse 不予通过。")
REASON = text(
    "Why, up to 500 characters; the applicant reads it. Needed to refuse.",
    "理由，500 字以内，申请人可见；不予通过时必填。", **PERSONAL)


class ListTasks(PageRequest):
    command = list_tasks.ListTasks
    matter_code = matter_code(load_default=None, allow_none=True, metadata=text(
        "Only steps of this matter; null for all.", "只查该事项的环节；null 为不限。"))
    whose = fields.String(load_default="all", validate=validate.OneOf(WHOSE), metadata=text(
        "all that wait for the officer's roles, mine (those that the officer has taken) or unclaimed.",
        "all 本岗位全部，mine 本人已领取，unclaimed 尚未领取。"))


class OfficerTask(Message):
    case_id = fields.String(required=True, metadata=texts.CASE_ID)
    step = fields.String(required=True, metadata=texts.STEP)
    matter_code = fields.String(required=True, metadata=texts.MATTER_CODE)
    title_zh = fields.String(required=True, metadata=texts.TITLE_ZH)
    title_en = fields.String(required=True, metadata=texts.TITLE_EN)
    applicant_subject = SubjectId(required=True, metadata=texts.APPLICANT_SUBJECT)
    desk = fields.String(required=True, validate=validate.OneOf(ROLES), metadata=DESK)
    taken = fields.Boolean(required=True, metadata=text(
        "Whether an officer has taken it.", "是否已有工作人员领取。"))
    mine = fields.Boolean(required=True, metadata=text(
        "Whether the officer of this session has taken it.", "是否由当前工作人员领取。"))
    countersigning = fields.Boolean(required=True, metadata=text(
        "Whether a decision was proposed, and another officer is to agree.", "是否已提出意见、待复核。"))
    waiting_since = moment(metadata=text("Since when it waits, UTC.", "开始等待的时间（UTC）。"))
    limit_at = moment(metadata=text(
        "By when it is to be done, UTC; null without a limit.", "办理期限（UTC）；未设时限为 null。"))
    overdue = fields.Boolean(required=True, metadata=texts.OVERDUE)


class OfficerTasks(PageReply):
    items = fields.List(fields.Nested(OfficerTask), required=True, metadata=text(
        "The steps on this page, the one that waits longest first.", "本页待办环节，等待最久的在前。"))


class Proposal(Message):
    decision = fields.String(required=True, metadata=DECISION)
    reason = fields.String(required=True, allow_none=True, metadata=REASON)
    form = form(required=True, metadata=text("What the first officer filled in.", "初办人填写的内容。"))


class OfficerTaskDetail(OfficerTask):
    form = form(required=True, metadata=text(
        "Fields of the application that the officer may see.", "工作人员可见的申请内容。"))
    decision_form = fields.Dict(required=True, allow_none=True, metadata=text(
        "The JSON Schema of what the officer fills in; null when nothing is asked.",
        "须由工作人员填写内容的 JSON Schema；无须填写为 null。"))
    notes = fields.List(fields.String(), required=True, metadata=text(
        "Reasons of those who handed the step on, oldest first.", "转办、上报时填写的说明，最早的在前。", **PERSONAL))
    proposal = fields.Nested(Proposal, required=True, allow_none=True, metadata=text(
        "The decision that waits for another officer's agreement; null when none does.",
        "待复核的处理意见；没有为 null。"))


class OneTask(Message):
    command = claim_task.OneTask
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    step = fields.String(required=True, validate=validate.Regexp(NAME), metadata=texts.STEP)


class RequestSupplement(Message):
    command = request_supplement.RequestSupplement
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    step = fields.String(required=True, validate=validate.Regexp(NAME), metadata=texts.STEP)
    items = fields.List(
        limited_text(200), required=True, validate=validate.Length(1, 30), metadata=text(
            "All that is missing, told once: 1 to 30 texts of up to 200 characters, for the applicant.",
            "须补正的全部内容，一次性告知：1 至 30 条，每条 200 字以内，申请人可见。", **PERSONAL))
    fields_ = fields.List(
        limited_text(64), data_key="fields", attribute="fields", load_default=list, validate=validate.Length(max=100),
        metadata=text(
            "Fields of the form that the applicant may change, at most 100.",
            "申请人可修改的申请表字段，最多 100 个。"))
    working_days = fields.Integer(
        load_default=request_supplement.ANSWER_WITHIN_WORKING_DAYS, validate=validate.Range(1, 90), metadata=text(
            "Working days within which the applicant answers, 1 to 90; 15 by default.",
            "申请人补正的期限（工作日），1 至 90，默认 15。"))


class AnswerSupplement(Message):
    command = answer_supplement.AnswerSupplement
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    form = form(load_default=dict, metadata=text(
        "New values of the fields that were asked for; get_case lists them in `supplement`.",
        "要求补正的字段的新值；须补正的字段见 get_case 的 supplement。"))


class CompleteTask(Message):
    command = complete_task.CompleteTask
    case_id = limited_text(40, required=True, metadata=texts.CASE_ID)
    step = fields.String(required=True, validate=validate.Regexp(NAME), metadata=texts.STEP)
    decision = fields.String(required=True, validate=validate.OneOf(complete_task.DECISIONS), metadata=DECISION)
    reason = limited_text(500, load_default=None, allow_none=True, metadata=REASON)
    form = form(load_default=dict, metadata=text(
        "What the step asks of the officer, by field; get_task gives the form.",
        "须由工作人员填写的内容；格式见 get_task 的 decision_form。"))
