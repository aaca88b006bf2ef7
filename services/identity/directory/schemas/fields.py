"""Texts and validators that several schemas of the directory share."""
from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from services.identity.directory.domain.app import APP_CODE
from shared_components.contracts import text
from shared_components.kernel.bilingual import Bilingual
from shared_components.kernel.names import LONGEST_NAME

ID = validate.Length(1, 64)
NAME = validate.Length(1, LONGEST_NAME)
CODE = validate.Regexp(r"\A[A-Za-z0-9_.-]{1,32}\Z", error=Bilingual(
    "Only 1 to 32 letters, digits and _.- are allowed.", "只允许 1 至 32 位字母、数字及 _.-。"))
TENANT = validate.Regexp(r"\A[A-Za-z0-9_.:-]{1,64}\Z", error=Bilingual(
    "Only 1 to 64 letters, digits and _.:- are allowed.", "只允许 1 至 64 位字母、数字及 _.:-。"))
APP = validate.Regexp(rf"\A{APP_CODE}\Z", error=Bilingual(
    "app- and then 1 to 28 of a-z, 0-9, - are allowed.", "须为 app- 加 1 至 28 位小写字母、数字或 -。"))
SCOPE = validate.Regexp(r"\A(\*|[a-z][a-z0-9_]{0,39}\.(\*|[a-z][a-z0-9_]{0,63}))\Z", error=Bilingual(
    "'*', 'payment.*' or 'payment.get_order' is allowed.", "只允许 *、payment.* 或 payment.get_order 这类写法。"))

DEPARTMENT_TEXT = text("The department's id, such as dep_…; it never changes.", "部门编号（dep_ 开头），终身不变。")
PARENT_TEXT = text("The department above; null is a root of the tree.", "上级部门编号；为 null 表示根部门。")
NAME_TEXT = text("The department's full name.", "部门全称。")
CODE_TEXT = text(
    "The realm's own number of the department, unique in the realm; imports find departments by it.",
    "本平台域自定的部门编码，域内唯一；批量导入时据此识别部门。")
CREDIT_CODE_TEXT = text(
    "The unified social credit code, 18 characters by GB 32100; null for a department without one.",
    "统一社会信用代码，18 位（GB 32100）；没有的部门为 null。")
SUBJECT_TEXT = text("The officer's subject id.", "工作人员的主体编号。")
APP_TEXT = text(
    "The app's name, app- and 1 to 28 of a-z, 0-9, -; callers and the broker's users have it.",
    "应用名称，app- 加 1 至 28 位小写字母、数字或 -；调用方名称与消息代理用户名均为此名。")
ENVIRONMENT_TEXT = text(
    "production, or sandbox: its keys open the sandbox only.",
    "环境：production 生产，sandbox 沙箱（其密钥仅限沙箱）。")


def scopes(**more: Any) -> fields.List[Any]:
    return fields.List(fields.String(validate=SCOPE), validate=validate.Length(1, 200), metadata=text(
        "Methods that the app may call: '*', 'payment.*' or 'payment.get_order'.",
        "应用可调用的接口：*、payment.* 或 payment.get_order。"), **more)


def in_flight() -> fields.Integer:
    return fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(1, 10_000), metadata=text(
            "Requests that may be in work at once; null is the gateway's own limit.",
            "同时处理的请求数上限；为 null 时以网关设置为准。"))


def calls_per_s() -> fields.Integer:
    return fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(1, 100_000), metadata=text(
            "Calls per second of each gateway process; null is no limit.",
            "每个网关进程每秒允许的调用次数；为 null 表示不限。"))


