"""Requests and replies about departments and their history."""
from __future__ import annotations

from marshmallow import fields, validate

from services.identity.directory.domain import states
from services.identity.directory.schemas.fields import (
    CODE,
    CODE_TEXT,
    CREDIT_CODE_TEXT,
    DEPARTMENT_TEXT,
    ID,
    NAME,
    NAME_TEXT,
    PARENT_TEXT,
    TENANT,
)
from services.identity.directory.usecases import departments, read, tree_changes
from shared_components.contracts import Message, PageReply, PageRequest, text

STATE_TEXT = text(
    "active, merged (its successor has all that was the department's) or closed.",
    "状态：active 正常，merged 已合并（由继任部门承接），closed 已撤销。")
SUCCESSOR_TEXT = text("The department that takes over.", "承接该部门的继任部门编号。")


class AddDepartment(Message):
    command = departments.AddDepartment
    name = fields.String(required=True, validate=NAME, metadata=NAME_TEXT)
    parent_id = fields.String(allow_none=True, validate=ID, metadata=PARENT_TEXT)
    code = fields.String(allow_none=True, validate=CODE, metadata=CODE_TEXT)
    credit_code = fields.String(allow_none=True, validate=validate.Length(1, 64), metadata=CREDIT_CODE_TEXT)
    tenant = fields.String(allow_none=True, validate=TENANT, metadata=text(
        "An existing tenant id that becomes the department's; left out, a new one is made.",
        "沿用的既有租户编号；不填则新建。"))


class ByDepartment(Message):
    command = read.GetDepartment
    department_id = fields.String(required=True, validate=ID, metadata=DEPARTMENT_TEXT)


class RenameDepartment(Message):
    command = departments.RenameDepartment
    department_id = fields.String(required=True, validate=ID, metadata=DEPARTMENT_TEXT)
    name = fields.String(required=True, validate=NAME, metadata=NAME_TEXT)


class ChangeCreditCode(Message):
    command = departments.ChangeCreditCode
    department_id = fields.String(required=True, validate=ID, metadata=DEPARTMENT_TEXT)
    credit_code = fields.String(
        required=True, allow_none=True, validate=validate.Length(1, 64), metadata=CREDIT_CODE_TEXT)


class MoveDepartment(Message):
    command = tree_changes.MoveDepartment
    department_id = fields.String(required=True, validate=ID, metadata=DEPARTMENT_TEXT)
    parent_id = fields.String(required=True, allow_none=True, validate=ID, metadata=PARENT_TEXT)


class MergeDepartment(Message):
    command = tree_changes.MergeDepartment
    department_id = fields.String(required=True, validate=ID, metadata=DEPARTMENT_TEXT)
    successor_id = fields.String(required=True, validate=ID, metadata=SUCCESSOR_TEXT)


class CloseDepartment(Message):
    command = tree_changes.CloseDepartment
    department_id = fields.String(required=True, validate=ID, metadata=DEPARTMENT_TEXT)


class ListDepartments(PageRequest):
    command = read.ListDepartments
    parent_id = fields.String(allow_none=True, validate=ID, metadata=text(
        "Only departments directly below this one; left out, all.", "只列出该部门的直接下级；不填则列出全部。"))
    state = fields.String(
        allow_none=True, validate=validate.OneOf(states.DEPARTMENT.states), metadata=text(
            "Only departments in this state: active, merged or closed.", "只列出该状态的部门，取值同 state。"))


class Department(Message):
    department_id = fields.String(metadata=DEPARTMENT_TEXT)
    parent_id = fields.String(allow_none=True, metadata=PARENT_TEXT)
    name = fields.String(metadata=NAME_TEXT)
    code = fields.String(allow_none=True, metadata=CODE_TEXT)
    credit_code = fields.String(allow_none=True, metadata=CREDIT_CODE_TEXT)
    tenant = fields.String(metadata=text(
        "The tenant id of the department's data; it never changes.", "部门数据的租户编号，终身不变。"))
    sandbox_tenant = fields.String(metadata=text(
        "The tenant id of the department's data in the sandbox.", "部门沙箱数据的租户编号。"))
    state = fields.String(metadata=STATE_TEXT)
    state_label = fields.String(metadata=text("The state's name in Chinese.", "状态的中文名称。"))
    successor_id = fields.String(allow_none=True, metadata=text(
        "The department that this one was merged into; else null.", "合并后的继任部门编号；未合并为 null。"))
    created_at = fields.AwareDateTime(metadata=text("When the department was added, UTC.", "部门建立时间（UTC）。"))


class OwnedTenants(Message):
    department = fields.Nested(Department, metadata=text("What is kept of the department itself.", "部门本身的信息。"))
    tenants = fields.List(fields.String(), metadata=text(
        "The tenant ids that the department owns: its own, and those of departments merged into it.",
        "该部门拥有的租户编号：自身的，以及并入部门的。"))


class DepartmentPage(PageReply):
    items = fields.List(fields.Nested(Department), metadata=text(
        "The departments on this page, in the order in which they were added.", "本页部门，按建立先后排列。"))


class ListChanges(PageRequest):
    command = read.ListChanges
    thing_id = fields.String(required=True, validate=ID, metadata=text(
        "The id of a department or membership, or the name of an app.", "部门编号、任职编号或应用名称。"))


class Change(Message):
    thing = fields.String(metadata=text(
        "What has changed: department, membership or app.",
        "变更对象：department 部门，membership 任职，app 应用。"))
    thing_id = fields.String(metadata=text("The id of what has changed.", "变更对象的编号。"))
    revision = fields.Integer(metadata=text(
        "The number of the change, from 1 for each department, membership or app.", "变更序号，每个对象从 1 起。"))
    what = fields.String(metadata=text(
        "The change, such as department-renamed or key-revoked.",
        "变更内容代码，如 department-renamed 更名、key-revoked 吊销密钥。"))
    facts = fields.Dict(metadata=text(
        "Ids, names of departments and states, before and after; no personal data and no key.",
        "变更前后的编号、部门名称与状态；不含个人信息与密钥。"))
    actor = fields.String(metadata=text("The caller who made the change.", "作出变更的调用方。"))
    at = fields.AwareDateTime(metadata=text("When the change was made, UTC.", "变更时间（UTC）。"))


class ChangePage(PageReply):
    items = fields.List(fields.Nested(Change), metadata=text(
        "The changes on this page, newest first.", "本页变更记录，最新的在前。"))
