"""Events of the directory: ids and states only."""
from __future__ import annotations

from marshmallow import fields

from services.identity.directory.domain import states
from services.identity.directory.schemas.departments import STATE_TEXT
from services.identity.directory.schemas.fields import APP_TEXT, DEPARTMENT_TEXT, PARENT_TEXT, SUBJECT_TEXT
from shared_components.contracts import EventContract, Message, SubjectId, text

REALM_TEXT = text("The realm: the tenant id of its population.", "平台域编号，即其人口数据的租户编号。")
CHANGED_AT_TEXT = text("When the change was made, UTC.", "变更时间（UTC）。")


class DepartmentChanged(Message):
    realm_id = fields.String(metadata=REALM_TEXT)
    department_id = fields.String(metadata=DEPARTMENT_TEXT)
    parent_id = fields.String(allow_none=True, metadata=PARENT_TEXT)
    state = fields.String(metadata=STATE_TEXT)
    successor_id = fields.String(allow_none=True, metadata=text(
        "The department that this one was merged into; else null.", "合并后的继任部门编号；未合并为 null。"))
    changed_at = fields.AwareDateTime(metadata=CHANGED_AT_TEXT)


class MembershipChanged(Message):
    realm_id = fields.String(metadata=REALM_TEXT)
    membership_id = fields.String(metadata=text("The membership's id.", "任职编号。"))
    department_id = fields.String(metadata=DEPARTMENT_TEXT)
    subject_id = SubjectId(metadata=SUBJECT_TEXT)
    state = fields.String(metadata=text("active or ended.", "状态：active 任职中，ended 已结束。"))
    changed_at = fields.AwareDateTime(metadata=CHANGED_AT_TEXT)


class AppChanged(Message):
    realm_id = fields.String(metadata=REALM_TEXT)
    app = fields.String(metadata=APP_TEXT)
    department_id = fields.String(metadata=DEPARTMENT_TEXT)
    state = fields.String(metadata=text("active, frozen or closed.", "状态：active 正常，frozen 冻结，closed 已下线。"))
    production = fields.String(metadata=text(
        "none, requested or approved.", "生产开通情况：none 未开通，requested 待审批，approved 已开通。"))
    changed_at = fields.AwareDateTime(metadata=CHANGED_AT_TEXT)


EVENTS = (
    EventContract(states.DEPARTMENT_CHANGED, DepartmentChanged, summary="A department was added or has changed.",
                  summary_zh="部门已新增或变更。"),
    EventContract(states.MEMBERSHIP_CHANGED, MembershipChanged,
                  summary="An officer's membership was added or has changed.", summary_zh="工作人员任职已新增或变更。"),
    EventContract(states.APP_CHANGED, AppChanged, summary="An app or one of its keys has changed.",
                  summary_zh="应用或其密钥已变更。"),
)
