"""Requests and replies about officers' memberships."""
from __future__ import annotations

from marshmallow import fields, validate

from services.identity.directory.domain.membership import ROLES
from services.identity.directory.schemas.fields import DEPARTMENT_TEXT, ID, SUBJECT_TEXT
from services.identity.directory.usecases import memberships, read
from shared_components.contracts import Message, PageReply, PageRequest, SubjectId, text

MEMBERSHIP_TEXT = text("The membership's id, such as mbr_….", "任职编号（mbr_ 开头）。")
ROLES_TEXT = text(
    "Roles in the department: handler, approver, finance, auditor, manager.",
    "在该部门的角色：handler 经办，approver 审批，finance 财务，auditor 审计，manager 负责人。")
FROM_TEXT = text("The first day, in China; left out, today.", "任职首日（北京时间）；不填为当日。")
UNTIL_TEXT = text("The last day, in China; null does not end.", "任职末日（北京时间）；长期任职为 null。")


class AddMembership(Message):
    command = memberships.AddMembership
    department_id = fields.String(required=True, validate=ID, metadata=DEPARTMENT_TEXT)
    subject_id = SubjectId(required=True, validate=ID, metadata=SUBJECT_TEXT)
    roles = fields.List(
        fields.String(validate=validate.OneOf(ROLES)), required=True, validate=validate.Length(1, len(ROLES)),
        metadata=ROLES_TEXT)
    valid_from = fields.Date(allow_none=True, metadata=FROM_TEXT)
    valid_until = fields.Date(allow_none=True, metadata=UNTIL_TEXT)


class EndMembership(Message):
    command = memberships.EndMembership
    membership_id = fields.String(required=True, validate=ID, metadata=MEMBERSHIP_TEXT)


class ListMemberships(PageRequest):
    command = read.ListMemberships
    department_id = fields.String(allow_none=True, validate=ID, metadata=text(
        "Only memberships in this department.", "只列出该部门的任职。"))
    subject_id = SubjectId(allow_none=True, validate=ID, metadata=text(
        "Only memberships of this officer.", "只列出该工作人员的任职。"))


class Membership(Message):
    membership_id = fields.String(metadata=MEMBERSHIP_TEXT)
    department_id = fields.String(metadata=DEPARTMENT_TEXT)
    subject_id = SubjectId(metadata=SUBJECT_TEXT)
    roles = fields.List(fields.String(), metadata=ROLES_TEXT)
    valid_from = fields.Date(metadata=text("The first day, in China.", "任职首日（北京时间）。"))
    valid_until = fields.Date(allow_none=True, metadata=UNTIL_TEXT)
    state = fields.String(metadata=text("active or ended.", "状态：active 任职中，ended 已结束。"))
    state_label = fields.String(metadata=text("The state's name in Chinese.", "状态的中文名称。"))
    created_at = fields.AwareDateTime(metadata=text("When the membership was added, UTC.", "任职登记时间（UTC）。"))


class MembershipPage(PageReply):
    items = fields.List(fields.Nested(Membership), metadata=text(
        "The memberships on this page, in the order in which they were added.", "本页任职，按登记先后排列。"))
